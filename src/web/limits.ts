type Limit = {
  readonly value: number;
  readonly unit: 'bytes' | 'ms' | '';
  /** What is limited. */
  readonly what: string;
  /** What happens at the limit. */
  readonly effect: string;
};

/** Every limit of the web server: generous for a scraper or a person, too small for a client that holds on to connections. */
export const LIMITS = {
  connections: {
    value: 512,
    unit: '',
    what: 'open connections',
    effect: 'a new one closes the one that has been inactive for the longest',
  },
  // Scrapers and browsers send the next request after the response.
  unanswered: {
    value: 16,
    unit: '',
    what: 'unanswered requests of a connection',
    effect: 'one more closes the connection',
  },
  // Twenty scrapers at once of the plain text of 10,000 targets, which is one text for all of them.
  unsentBytes: {
    value: 256 * 1024 ** 2,
    unit: 'bytes',
    what: 'unsent response bytes of all connections',
    effect: 'connections that do not read are closed, the one inactive for the longest first',
  },
  headerBytes: { value: 16 * 1024, unit: 'bytes', what: 'header of a request', effect: 'responds 431' },
  requestMs: { value: 10_000, unit: 'ms', what: 'time to send a request', effect: 'responds 408' },
  handshakeMs: {
    value: 10_000,
    unit: 'ms',
    what: 'time for a TLS handshake',
    effect: 'closes the connection',
  },
  stallMs: {
    value: 60_000,
    unit: 'ms',
    what: 'time without a byte in either direction',
    effect: 'closes the connection',
  },
  // Above the usual scrape interval of a minute, so that scrapes reuse their connection.
  keepAliveMs: {
    value: 75_000,
    unit: 'ms',
    what: 'time between two requests of a connection',
    effect: 'closes the connection',
  },
  closeMs: {
    value: 2000,
    unit: 'ms',
    what: 'time to send open responses at shutdown',
    effect: 'closes the connections',
  },
  passwordChecks: {
    value: 16,
    unit: '',
    what: 'passwords that wait for their check',
    effect: 'responds 429',
  },
  passwordChecksPerAddress: {
    value: 4,
    unit: '',
    what: 'those of them from one address',
    effect: 'responds 429',
  },
} as const satisfies Readonly<Record<string, Limit>>;
