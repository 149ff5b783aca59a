import { type DiagLogFunction, DiagLogLevel, diag } from '@opentelemetry/api';
import type { Log, LogLevel } from '../log.ts';

/** Lets the OpenTelemetry SDK speak through our log from `warn` on; by default it keeps its errors to itself. */
export function logDiagnostics(log: Log): void {
  diag.setLogger(
    {
      error: telling(log, 'error'),
      warn: telling(log, 'warn'),
      info: telling(log, 'info'),
      debug: telling(log, 'debug'),
      verbose: telling(log, 'debug'),
    },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

function telling(log: Log, level: LogLevel): DiagLogFunction {
  return (message, ...details) => {
    const err = details.find((detail) => detail instanceof Error);
    const rest = details.filter((detail) => detail !== err).map(String);
    log[level]({ message, ...(err && { err }), ...(rest.length > 0 && { details: rest }) }, 'OpenTelemetry');
  };
}
