/** How we differ from another client: we take what it refuses, refuse what it takes, or read another status or size. */
export type Difference = 'taken' | 'refused' | 'read otherwise';

type Reasons = Readonly<Partial<Record<Difference, Readonly<Record<string, string>>>>>;

const CERTAIN = 'the end of the message is certain (RFC 9112, 2.2, 5, 6.3)';
const CHARACTERS = 'any character of a field name or value but NUL says nothing about the end of the message';
const UNCERTAIN = 'the end of the message is not certain (RFC 9112, 6.3)';
const NUL = 'NUL is refused everywhere';
const NO_CODINGS = 'Go reads no Transfer-Encoding below HTTP/1.1; we do, as curl does';
const CHUNKED = 'chunked as the last coding decides, whatever else there is (RFC 9112, 6.3)';

/** Every difference that is meant, by client, and by the part of the response that makes it. */
export const DIFFERENCES: Readonly<Record<'node' | 'curl' | 'go', Reasons>> = {
  node: {
    taken: {
      'a status line that ends in LF': CERTAIN,
      'several blanks in the status line': CERTAIN,
      'HTTP/1.2': 'a later minor version is to be read as HTTP/1.1 (RFC 9110, 2.5)',
      'HTTP/7.3': 'Go takes it',
      'a CR in the status line': CERTAIN,
      'status 204': 'bytes after the empty line are ignored (RFC 9112, 6.3)',
      'status 304': 'bytes after the empty line are ignored (RFC 9112, 6.3)',
      'a field line that ends in LF': CERTAIN,
      'a CR in a value': CERTAIN,
      'a CR before CRLF': CERTAIN,
      'a folded line': 'a user agent has to unfold it (RFC 9112, 5.2)',
      'a folded line of blanks alone': 'a user agent has to unfold it (RFC 9112, 5.2)',
      'a blank before the colon': CERTAIN,
      'a blank in a field name': CHARACTERS,
      'an empty field name': CHARACTERS,
      'odd characters in a field name': CHARACTERS,
      'a control character in a field name': CHARACTERS,
      'Latin-1 in a field name': CHARACTERS,
      'a control character in a value': CHARACTERS,
      'DEL in a value': CHARACTERS,
      'a long value': 'the limit is 64 KiB, not 16',
      'many fields': 'the limit is 64 KiB, not 16',
      'an empty line that is LF alone': CERTAIN,
      'a length twice': CERTAIN,
      'a length as a list': CERTAIN,
      'lengths that are written differently': CERTAIN,
      'a body longer than its length': 'bytes after the end are ignored',
      'bytes after the last chunk': 'bytes after the end are ignored',
      'chunks beside a length': CHUNKED,
      'a length beside chunks': CHUNKED,
      'chunks beside a wrong length': CHUNKED,
      'a blank after a chunk size': CERTAIN,
      'a chunk shorter than its size': 'the LF that follows ends the line',
      'chunk lines that end in LF': CERTAIN,
    },
    refused: {
      'a status below 100': 'there is no such status (RFC 9110, 15)',
      'an empty line before the status line': 'curl and Go refuse it too',
      'a NUL in the status line': NUL,
      'gzip after chunked': UNCERTAIN,
      'gzip alone': UNCERTAIN,
      'identity alone': UNCERTAIN,
      'an empty coding': UNCERTAIN,
      'a coding like chunked': UNCERTAIN,
      'a vertical tab before chunked': UNCERTAIN,
      'chunked with a parameter': UNCERTAIN,
    },
    'read otherwise': { 'chunked with a comma after it': CHUNKED },
  },
  curl: {
    taken: {
      'HTTP/1.2': 'a later minor version is to be read as HTTP/1.1 (RFC 9110, 2.5)',
      'HTTP/0.9 and others': 'Go takes it',
      'HTTP/7.3': 'Go takes it',
      'chunks beside a wrong length': CHUNKED,
      'gzip before chunked': CHUNKED,
    },
    refused: {
      'no blank after the status': 'Go and Node refuse it too',
      'HTTP in lower case': 'Go and Node refuse it too',
      'an unasked 101': 'what follows is no HTTP',
      'a list of lengths that differ': UNCERTAIN,
      'a length with a plus': UNCERTAIN,
      'a hexadecimal length': UNCERTAIN,
      'a length with a word after it': UNCERTAIN,
      'two numbers in a length': UNCERTAIN,
      'a length beyond all numbers': UNCERTAIN,
      'identity alone': UNCERTAIN,
      'an empty coding': UNCERTAIN,
      'a header without end': UNCERTAIN,
    },
  },
  go: {
    taken: {
      'a CR in a value': CERTAIN,
      'a CR before CRLF': CERTAIN,
      'an empty field name': CHARACTERS,
      'odd characters in a field name': CHARACTERS,
      'a control character in a field name': CHARACTERS,
      'Latin-1 in a field name': CHARACTERS,
      'a control character in a value': CHARACTERS,
      'DEL in a value': CHARACTERS,
      'a length as a list': CERTAIN,
      'lengths that are written differently': CERTAIN,
      'status 204': 'it ends at the empty line, whatever its fields say (RFC 9112, 6.3)',
      'status 304': 'it ends at the empty line, whatever its fields say (RFC 9112, 6.3)',
      'chunks beside a wrong length': CHUNKED,
      'gzip before chunked': CHUNKED,
      'chunked twice': CHUNKED,
      'chunked on two lines': CHUNKED,
      'chunked with a comma after it': CHUNKED,
      'a chunk shorter than its size': 'the LF that follows ends the line',
      'chunk lines that end in LF': CERTAIN,
    },
    refused: {
      'a status below 100': 'there is no such status (RFC 9110, 15)',
      'a NUL in the status line': NUL,
      'an unasked 101': 'what follows is no HTTP',
      'HTTP/1.0': NO_CODINGS,
      'HTTP/0.9 and others': NO_CODINGS,
    },
    'read otherwise': { 'HTTP/1.0': NO_CODINGS, 'HTTP/0.9 and others': NO_CODINGS },
  },
};
