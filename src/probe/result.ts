/** Every result a probe can have, with what it means; the list is closed, so it is safe as a label. */
export const RESULTS = {
  success: 'up: every expectation was met and the whole body received in time',
  dns_error: 'the name could not be resolved',
  dns_timeout: 'the name servers did not respond by the deadline',
  connect_refused: 'the connection was refused',
  connect_timeout: 'no connection by the deadline',
  connect_error: 'no connection for another reason, such as no route to the host',
  tls_error: 'the TLS handshake failed',
  tls_timeout: 'the TLS handshake was not complete by the deadline',
  tls_certificate: 'the certificate is untrusted, expired, not yet valid, or for another host',
  response_timeout: 'no complete response header by the deadline',
  body_timeout: 'the body was not complete by the deadline',
  connection_closed: 'the connection was closed or reset before the response was complete',
  protocol_error: 'the response is not valid HTTP',
  redirect_error: 'too many redirects, a redirect loop, or no usable Location',
  body_too_large: 'the body is larger than max_body_size',
  unexpected_status: 'the final status is not one of those expected',
  unexpected_content: 'a header or the body is not as expected',
  blocked_address: 'every address of the host is denied',
  auth_error: 'a credential file could not be read, or no OAuth2 token obtained',
  proxy_error: 'the proxy is unreachable, refused CONNECT, or requires other credentials',
  internal_error: 'the exporter could not carry out the probe; this says nothing about the target',
} as const;

export type ResultName = keyof typeof RESULTS;

/** The phases of a probe, in the order in which a hop goes through them. */
export const PHASES = ['dns', 'connect', 'tls', 'wait', 'transfer'] as const;

export type PhaseName = (typeof PHASES)[number];

/** Milliseconds spent in each phase that was entered, summed over the hops; contiguous, so they sum to the response time. */
export type Phases = Readonly<Partial<Record<PhaseName, number>>>;

/** What one probe found, as plain data: it crosses from the probing thread by copy. */
export type ProbeResult = {
  /** The target's identity. */
  readonly key: string;
  readonly result: ResultName;
  /** Why, for the log and the status page; never a secret, never a label. */
  readonly reason?: string;
  /** Start and end on the monotonic clock that all threads share (`nowMs` of `clock.ts`). */
  readonly startedMs: number;
  readonly endedMs: number;
  /** The end on the wall clock, Unix milliseconds. */
  readonly endedAtMs: number;
  /** Absent where it is not known, never 0 instead. */
  readonly responseMs?: number;
  readonly phases: Phases;
  readonly statusCode?: number;
  readonly redirects?: number;
  readonly bodyBytes?: number;
  /** Earliest end of a certificate's validity, Unix seconds. */
  readonly certificateExpirySeconds?: number;
};

/** Whether a result says something about the target; a probe that we could not carry out does not. */
export function isVerdict(result: ResultName): boolean {
  return result !== 'internal_error';
}
