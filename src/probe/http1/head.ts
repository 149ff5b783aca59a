import { BUDGET } from './budget.ts';
import { readFraming } from './framing.ts';
import { type Field, failReading, type Reading, takeLine, trimBlanks } from './reading.ts';

const OPENING = 'HTTP/';
// Any version of one digit each, any number of blanks, a reason or none (RFC 9112, 4; RFC 9110, 2.5).
const STATUS_LINE = /^HTTP\/\d\.\d +(\d{3})(?: .*)?$/;
const SWITCHING_PROTOCOLS = 101;

/** RFC 9112, 4. */
export function readStatusLine(reading: Reading, bytes: Buffer, from: number): number {
  // Asked once: a line that comes byte by byte would be copied whole each time.
  const isOpen = reading.line.length >= OPENING.length;
  const { next, line } = takeLine(reading, bytes, from);
  const isHttp =
    isOpen || (line?.startsWith(OPENING) ?? OPENING.startsWith(reading.line.slice(0, OPENING.length)));
  if (!isHttp) failReading(reading, 'the response is not HTTP');
  else if (reading.budget < 0) failReading(reading, describeExcess(reading));
  else if (line !== undefined) takeStatus(reading, line);
  return next;
}

function takeStatus(reading: Reading, line: string): void {
  const [, digits = ''] = STATUS_LINE.exec(line) ?? [];
  const fault = statusFault(line, digits);
  if (fault !== undefined) failReading(reading, fault);
  reading.status = Number(digits);
  if (fault === undefined) reading.state = 'fieldLine';
}

function statusFault(line: string, digits: string): string | undefined {
  if (line.includes('\0')) return 'the status line holds a NUL';
  if (digits === '') return 'the status line is not that of an HTTP/1 response';
  if (Number(digits) < 100) return `${digits} is not a status`;
  return Number(digits) === SWITCHING_PROTOCOLS ? 'the server switched protocols (101) unasked' : undefined;
}

/** RFC 9112, 5, up to the empty line. */
export function readFieldLine(reading: Reading, bytes: Buffer, from: number): number {
  const { next, line } = takeLine(reading, bytes, from);
  if (reading.budget < 0) failReading(reading, describeExcess(reading));
  else if (line === '') endHead(reading);
  else if (line !== undefined) takeField(reading, reading.fields, line);
  return next;
}

/** RFC 9112, 7.1.2: what the trailers say is ignored, since they may not change what the header said (6.5). */
export function readTrailerLine(reading: Reading, bytes: Buffer, from: number): number {
  const { next, line } = takeLine(reading, bytes, from);
  if (reading.budget < 0) failReading(reading, `the trailers are larger than ${formatKib(BUDGET.trailers)}`);
  else if (line === '') reading.state = 'complete';
  else if (line !== undefined) takeField(reading, reading.trailers, line);
  return next;
}

function takeField(reading: Reading, fields: Field[], line: string): void {
  const isFolded = line.startsWith(' ') || line.startsWith('\t');
  const colon = line.indexOf(':');
  const name = isFolded ? (fields.at(-1)?.name ?? '') : trimBlanks(line.slice(0, Math.max(0, colon)));
  if (isFolded && fields.length === 0) failReading(reading, 'the first header line begins with a blank');
  else if (!isFolded && colon === -1) failReading(reading, 'a header line has no colon');
  else if (line.includes('\0')) failReading(reading, `the header field ${formatName(name)} holds a NUL`);
  else if (isFolded) unfold(fields, line);
  else fields.push({ name: name.toLowerCase(), value: trimBlanks(line.slice(colon + 1)) });
}

// A line that begins with a blank goes on with the value before (RFC 9112, 5.2). That is not searched for blanks again,
// since there may be many such lines.
function unfold(fields: Field[], line: string): void {
  const last = fields.pop();
  const more = trimBlanks(line);
  const between = last?.value === '' || more === '' ? '' : ' ';
  if (last !== undefined) fields.push({ ...last, value: last.value + between + more });
}

const MOST_SHOWN = 60;

function formatName(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, '?').slice(0, MOST_SHOWN);
}

function endHead(reading: Reading): void {
  if (reading.status >= 200) {
    readFraming(reading);
    return;
  }
  // Interim: the final response is still to come (RFC 9110, 15.2).
  reading.interimBudget -= BUDGET.head - reading.budget;
  reading.state = 'statusLine';
  reading.budget = BUDGET.head;
  reading.startedMs = undefined;
  reading.fields = [];
  if (reading.interimBudget < 0) {
    failReading(reading, `the interim (1xx) responses are larger than ${formatKib(BUDGET.interim)}`);
  }
}

function describeExcess({ status }: Reading): string {
  const part = status >= 100 && status < 200 ? 'an interim (1xx) response' : 'the header';
  return `${part} is larger than ${formatKib(BUDGET.head)}`;
}

function formatKib(bytes: number): string {
  return `${bytes / 1024} KiB`;
}
