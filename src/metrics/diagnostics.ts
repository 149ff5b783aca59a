import { type DiagLogFunction, DiagLogLevel, diag } from '@opentelemetry/api';
import type { Log, LogLevel } from '../log.ts';

/** Writes warnings and errors of the OpenTelemetry SDK to our log; by default the SDK logs nothing. */
export function logDiagnostics(log: Log): void {
  diag.setLogger(
    {
      error: logAt(log, 'error'),
      warn: logAt(log, 'warn'),
      info: logAt(log, 'info'),
      debug: logAt(log, 'debug'),
      verbose: logAt(log, 'debug'),
    },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

function logAt(log: Log, level: LogLevel): DiagLogFunction {
  return (message, ...details) => {
    const err = details.find((detail) => detail instanceof Error);
    const rest = details.filter((detail) => detail !== err).map(String);
    log[level]({ message, ...(err && { err }), ...(rest.length > 0 && { details: rest }) }, 'OpenTelemetry');
  };
}
