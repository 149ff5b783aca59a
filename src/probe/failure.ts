import { isResourceShortage } from '../runtime/shortage.ts';
import type { ResultName } from './result.ts';

/** Why a probe or a step of it failed: a value, never thrown. */
export class Failure {
  readonly result: ResultName;
  /** For people: the log and the status page. */
  readonly reason: string;

  constructor(result: ResultName, reason: string) {
    this.result = result;
    this.reason = reason;
  }
}

/** The step of a hop in which an error occurred. */
export type Step = 'dns' | 'connect' | 'tls' | 'exchange';

/** An error as Node's network modules make them. */
export type NetworkError = Error & { readonly code?: string; readonly reason?: string };

const BY_CODE: Readonly<Record<Step, ReadonlyMap<string, ResultName>>> = {
  dns: new Map([['ETIMEOUT', 'dns_timeout']]),
  connect: new Map([
    ['ECONNREFUSED', 'connect_refused'],
    ['ETIMEDOUT', 'connect_timeout'],
  ]),
  tls: new Map([['ETIMEDOUT', 'tls_timeout']]),
  // The parser still expected bytes when the peer closed.
  exchange: new Map([['HPE_INVALID_EOF_STATE', 'connection_closed']]),
};

const FALLBACK: Readonly<Record<Step, ResultName>> = {
  dns: 'dns_error',
  connect: 'connect_error',
  tls: 'tls_error',
  exchange: 'connection_closed',
};

/** Maps an error to its failure by code and step, never by message; total. */
export function failureOf(error: NetworkError, step: Step): Failure {
  const result = isResourceShortage(error) ? 'internal_error' : resultOf(error.code, step);
  return new Failure(result, reasonOf(error));
}

function resultOf(code: string | undefined, step: Step): ResultName {
  if (code === undefined) return 'internal_error';
  return BY_CODE[step].get(code) ?? byPrefix(code, step) ?? FALLBACK[step];
}

// llhttp's errors are HPE_*; OpenSSL's can come in the exchange too: TLS 1.3 refuses a client certificate only then.
function byPrefix(code: string, step: Step): ResultName | undefined {
  if (step !== 'exchange') return undefined;
  if (code.startsWith('HPE_')) return 'protocol_error';
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return 'tls_error';
  return undefined;
}

// OpenSSL's messages have thread numbers and file names; its `reason` is the sentence in them.
function reasonOf({ code, message, reason = message }: NetworkError): string {
  return code === undefined || reason.includes(code) ? reason : `${reason} (${code})`;
}
