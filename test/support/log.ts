import type { Log, LogLevel } from '../../src/log.ts';

/** A line as it was logged. */
export type Logged = {
  readonly level: LogLevel;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
};

/** A log that remembers. */
export function recordingLog(): Log & { readonly lines: readonly Logged[] } {
  const lines: Logged[] = [];
  const at =
    (level: LogLevel): Log[LogLevel] =>
    (fields, text) =>
      lines.push({ level, fields, text });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
