import { constants, fstatSync, openSync } from 'node:fs';
import pino from 'pino';

type Fields = Readonly<Record<string, unknown>>;

/** A log: the facts of an event as fields (an Error as `err`), and one constant text that says what happened. */
export type Log = Readonly<Record<LogLevel, (fields: Fields, text: string) => void>>;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** How a line looks: JSON, logfmt (`key=value`), or coloured for people. */
export const LOG_FORMATS = ['json', 'logfmt', 'pretty'] as const;

export type LogFormat = (typeof LOG_FORMATS)[number];

/** Without a format it is `pretty` on a terminal and `json` elsewhere. */
export type LogOptions = { readonly level: LogLevel; readonly format?: LogFormat };

/** Where whole lines go. */
export type LineSink = { write(line: string): unknown };

// What cannot be written is kept for the next try up to here, then dropped.
const MAX_UNWRITTEN_BYTES = 1 << 20;

/** Makes the log of the process, on stderr unless another sink is given. */
export async function createLog({ level, format }: LogOptions, sink: LineSink = stderr()): Promise<Log> {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: serializeError },
  };
  const layout = await layoutOf(format ?? (process.stderr.isTTY ? 'pretty' : 'json'));
  return pino(options, { write: (line) => sink.write(layout(line)) });
}

/**
 * Logs each text at most once per period and level; the next line with it says how many were left out.
 * For events whose rate a client sets, such as failed scrapes.
 */
export function limitRate(log: Log, periodMs: number, nowMs: () => number = () => performance.now()): Log {
  const seen = new Map<string, { sinceMs: number; leftOut: number }>();
  function write(level: LogLevel, fields: Fields, text: string): void {
    const now = nowMs();
    const key = `${level} ${text}`;
    const before = seen.get(key);
    if (before !== undefined && now - before.sinceMs < periodMs) {
      before.leftOut += 1;
      return;
    }
    seen.set(key, { sinceMs: now, leftOut: 0 });
    log[level](before?.leftOut ? { ...fields, leftOut: before.leftOut } : fields, text);
  }
  return {
    debug: (fields, text) => write('debug', fields, text),
    info: (fields, text) => write('info', fields, text),
    warn: (fields, text) => write('warn', fields, text),
    error: (fields, text) => write('error', fields, text),
  };
}

// Errors of libraries carry whole requests and sockets, and with them headers, passwords and keys.
function serializeError(err: Error): Fields {
  const { type, message, stack, code } = pino.stdSerializers.err(err);
  return { type, message, stack, ...(code !== undefined && { code: String(code) }) };
}

function stderr(): LineSink {
  // Synchronous, so that the last lines before an exit are not lost.
  const destination = pino.destination({
    fd: openStderr(),
    sync: true,
    maxLength: MAX_UNWRITTEN_BYTES,
    // The next line tries again; until then nothing waits.
    retryEAGAIN: () => false,
  });
  // Without a listener an error would end the process; there is no other place left to report it.
  destination.on('error', () => undefined);
  return destination;
}

// A pipe whose reader does not read would block scrapes and the end of the process as well. So we open an end of our own
// that never blocks: to change the given one would change it for every process that shares it.
function openStderr(): number {
  try {
    if (!fstatSync(2).isFIFO()) return 2;
    return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    // Not Linux, or no right to open it: it may block.
    return 2;
  }
}

async function layoutOf(format: LogFormat): Promise<(line: string) => string> {
  if (format === 'json') return (line) => line;
  if (format === 'logfmt') return (line) => `${logfmt(JSON.parse(line))}\n`;
  // Costs 35 ms to load; pino's own transports need files on disk, which a bundle does not have.
  const { default: pretty } = await import('pino-pretty');
  return pretty.prettyFactory({
    colorize: pretty.isColorSupported && process.stderr.isTTY,
    translateTime: 'SYS:HH:MM:ss.l',
  });
}

const FIRST_KEYS = ['time', 'level', 'msg'];

/** A logged record as one logfmt line, as Go's `log/slog` writes it: objects become dotted keys. */
function logfmt(record: Fields): string {
  const first = FIRST_KEYS.filter((key) => key in record).map((key): [string, unknown] => [key, record[key]]);
  const rest = Object.entries(record).filter(([key]) => !FIRST_KEYS.includes(key));
  return [...first, ...rest].flatMap(([key, value]) => pairs(key, value)).join(' ');
}

function pairs(key: string, value: unknown): string[] {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([inner, field]) => pairs(`${key}.${inner}`, field));
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [`${quote(key)}=${quote(text)}`];
}

function quote(text: string): string {
  return /^[^\s"=\p{C}]+$/u.test(text) ? text : JSON.stringify(text);
}
