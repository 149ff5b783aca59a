/** A response that is odd in one or more ways; `tags` name them. */
export type Case = { readonly tags: readonly string[]; readonly bytes: Buffer };

type Parts = Readonly<Record<string, string>>;

const STATUS_LINES: Parts = {
  'a status line that ends in LF': 'HTTP/1.1 200 OK\n',
  'several blanks in the status line': 'HTTP/1.1  200  OK\r\n',
  'a tab in the status line': 'HTTP/1.1\t200\tOK\r\n',
  'no reason': 'HTTP/1.1 200\r\n',
  'an empty reason': 'HTTP/1.1 200 \r\n',
  'no blank after the status': 'HTTP/1.1 200OK\r\n',
  'HTTP/1.0': 'HTTP/1.0 200 OK\r\n',
  'HTTP/1.2': 'HTTP/1.2 200 OK\r\n',
  'HTTP/0.9 and others': 'HTTP/0.9 200 OK\r\n',
  'HTTP/2.0 as text': 'HTTP/2.0 200 OK\r\n',
  'HTTP/7.3': 'HTTP/7.3 200 OK\r\n',
  'a version of two digits': 'HTTP/1.10 200 OK\r\n',
  'no minor version': 'HTTP/1 200 OK\r\n',
  'HTTP in lower case': 'http/1.1 200 OK\r\n',
  'a status of two digits': 'HTTP/1.1 20 OK\r\n',
  'a status of four digits': 'HTTP/1.1 2000 OK\r\n',
  'a status that is no number': 'HTTP/1.1 2x0 OK\r\n',
  'a status below 100': 'HTTP/1.1 099 OK\r\n',
  'a status above 599': 'HTTP/1.1 799 OK\r\n',
  'a blank before the status line': ' HTTP/1.1 200 OK\r\n',
  'an empty line before the status line': '\r\nHTTP/1.1 200 OK\r\n',
  'a CR in the status line': 'HTTP/1.1 200 O\rK\r\n',
  'a NUL in the status line': 'HTTP/1.1 200 O\0K\r\n',
  'a control character in the reason': 'HTTP/1.1 200 O\x01K\r\n',
  'Latin-1 in the reason': 'HTTP/1.1 200 \xd6K\r\n',
  'an unasked 101': 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n',
  '100 before the response': 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n',
  '103 before the response': 'HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n',
  'status 204': 'HTTP/1.1 204 No Content\r\n',
  'status 304': 'HTTP/1.1 304 Not Modified\r\n',
  'status 500': 'HTTP/1.1 500 Oops\r\n',
};

const FIELDS: Parts = {
  'a field line that ends in LF': 'X-A: b\n',
  'a CR in a value': 'X-A: b\rc\r\n',
  'a CR before CRLF': 'X-A: b\r\r\n',
  'a folded line': 'X-A: b\r\n c\r\n\td\r\n',
  'a folded line of blanks alone': 'X-A: b\r\n  \r\n',
  'a first field line that begins with a blank': ' X-A: b\r\n',
  'a line without a colon': 'X-A\r\n',
  'a blank before the colon': 'X-A : b\r\n',
  'a blank in a field name': 'X A: b\r\n',
  'an empty field name': ': b\r\n',
  'an empty value': 'X-A:\r\n',
  'odd characters in a field name': '(X)[A]: b\r\n',
  'a control character in a field name': 'X\x01A: b\r\n',
  'Latin-1 in a field name': 'X\xe9A: b\r\n',
  'a NUL in a field name': 'X\0A: b\r\n',
  'a NUL in a value': 'X-A: b\0c\r\n',
  'a control character in a value': 'X-A: b\x01\x0b\x1fc\r\n',
  'DEL in a value': 'X-A: b\x7fc\r\n',
  'Latin-1 in a value': 'X-A: \xf6\r\n',
  'blanks around a value': 'X-A: \t b \t \r\n',
  'many fields': 'X-A: b\r\n'.repeat(1200),
  'a long value': `X-A: ${'b'.repeat(15_000)}\r\n`,
};

const chunked = (body: string, coding = 'chunked') => `Transfer-Encoding: ${coding}\r\n\r\n${body}`;
const whole = '2\r\nok\r\n0\r\n\r\n';

const FRAMES: Parts = {
  'no length and no chunks': '\r\nok',
  'an empty line that is LF alone': 'Content-Length: 2\r\n\nok',
  'a length twice': 'Content-Length: 2\r\nContent-Length: 2\r\n\r\nok',
  'a length as a list': 'Content-Length: 2, 2\r\n\r\nok',
  'lengths that differ': 'Content-Length: 2\r\nContent-Length: 5\r\n\r\nok',
  'a list of lengths that differ': 'Content-Length: 2, 5\r\n\r\nok',
  'lengths that are written differently': 'Content-Length: 2\r\nContent-Length: 02\r\n\r\nok',
  'a length with zeros': 'Content-Length: 0002\r\n\r\nok',
  'a length with a plus': 'Content-Length: +2\r\n\r\nok',
  'a negative length': 'Content-Length: -2\r\n\r\nok',
  'an empty length': 'Content-Length:\r\n\r\nok',
  'a hexadecimal length': 'Content-Length: 0x2\r\n\r\nok',
  'a length with a word after it': 'Content-Length: 2 bytes\r\n\r\nok',
  'two numbers in a length': 'Content-Length: 2 2\r\n\r\nok',
  'a length that is a word': 'Content-Length: two\r\n\r\nok',
  'a length beyond all numbers': 'Content-Length: 99999999999999999999999\r\n\r\nok',
  'a body longer than its length': 'Content-Length: 1\r\n\r\nok',
  'a body shorter than its length': 'Content-Length: 3\r\n\r\nok',
  'a length of 0': 'Content-Length: 0\r\n\r\n',
  chunks: chunked(whole),
  'chunks beside a length': `Content-Length: 9\r\n${chunked(whole)}`,
  'a length beside chunks': chunked(whole).replace('\r\n', '\r\nContent-Length: 9\r\n'),
  'chunks beside a wrong length': `Content-Length: x\r\n${chunked(whole)}`,
  'chunked in capitals': chunked(whole, 'Chunked'),
  'gzip before chunked': chunked(whole, 'gzip, chunked'),
  'gzip after chunked': chunked(whole, 'chunked, gzip'),
  'gzip alone': chunked('ok', 'gzip'),
  'identity alone': chunked('ok', 'identity'),
  'a coding like chunked': chunked(whole, 'xchunked'),
  'an empty coding': chunked(whole, ''),
  'chunked with a parameter': chunked(whole, 'chunked;q=1'),
  'chunked twice': chunked(whole, 'chunked, chunked'),
  'chunked on two lines': `Transfer-Encoding: chunked\r\n${chunked(whole)}`,
  'chunked with a comma after it': chunked(whole, 'chunked,'),
  'a vertical tab before chunked': chunked(whole, '\x0bchunked'),
  'a chunk extension': chunked('2;a=b\r\nok\r\n0\r\n\r\n'),
  'a blank after a chunk size': chunked('2 \t\r\nok\r\n0 \r\n\r\n'),
  'a blank before a chunk size': chunked(' 2\r\nok\r\n0\r\n\r\n'),
  'zeros before a chunk size': chunked('0002\r\nok\r\n000\r\n\r\n'),
  'a chunk size with 0x': chunked('0x2\r\nok\r\n0\r\n\r\n'),
  'a negative chunk size': chunked('-2\r\nok\r\n0\r\n\r\n'),
  'a chunk size with a plus': chunked('+2\r\nok\r\n0\r\n\r\n'),
  'a chunk size that is no number': chunked('zz\r\nok\r\n0\r\n\r\n'),
  'an empty chunk size': chunked('\r\nok\r\n0\r\n\r\n'),
  'a chunk size beyond all numbers': chunked('fffffffffffffffff\r\nok\r\n0\r\n\r\n'),
  'a chunk longer than its size': chunked('1\r\nok\r\n0\r\n\r\n'),
  'a chunk shorter than its size': chunked('3\r\nok\r\n0\r\n\r\n'),
  'chunk lines that end in LF': chunked('2\nok\n0\n\n'),
  'no last chunk': chunked('2\r\nok\r\n'),
  'no empty line after the last chunk': chunked('2\r\nok\r\n0\r\n'),
  trailers: chunked('2\r\nok\r\n0\r\nX-T: a\r\n\r\n'),
  'a trailer without a colon': chunked('2\r\nok\r\n0\r\nX-T\r\n\r\n'),
  'bytes after the last chunk': chunked(`${whole}more`),
  'a header without end': 'Content-Length: 2\r\n',
};

const NORMAL = { start: 'HTTP/1.1 200 OK\r\n', field: 'X-A: b\r\n', frame: 'Content-Length: 2\r\n\r\nok' };

/** Every part odd alone, every two of them, and further ones by chance, always the same for a seed. */
export function cases(count: number, seed = 1): readonly Case[] {
  const starts = Object.keys(STATUS_LINES);
  const fields = Object.keys(FIELDS);
  const frames = Object.keys(FRAMES);
  const all = [
    ...starts.map((start) => caseOf(start)),
    ...fields.map((field) => caseOf(undefined, [field])),
    ...frames.map((frame) => caseOf(undefined, [], frame)),
    ...frames.flatMap((frame) => fields.map((field) => caseOf(undefined, [field], frame))),
    ...frames.flatMap((frame) => starts.map((start) => caseOf(start, [], frame))),
  ];
  const next = random(seed);
  const pick = (names: readonly string[]) => names[Math.floor(next() * names.length)];
  while (all.length < count) {
    const two = [pick(fields), pick(fields)].filter((name) => name !== undefined);
    all.push(caseOf(next() < 0.5 ? pick(starts) : undefined, two, pick(frames)));
  }
  return all;
}

function caseOf(start?: string, fields: readonly string[] = [], frame?: string): Case {
  const tags = [start, ...fields, frame].filter((tag) => tag !== undefined);
  const lines = fields.map((field) => FIELDS[field] ?? '').join('');
  const text = [
    STATUS_LINES[start ?? ''] ?? NORMAL.start,
    lines === '' ? NORMAL.field : lines,
    FRAMES[frame ?? ''] ?? NORMAL.frame,
  ];
  return { tags, bytes: Buffer.from(text.join(''), 'latin1') };
}

// A linear congruential generator (Numerical Recipes): the cases are the same in every run.
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
