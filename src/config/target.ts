/** An inclusive range of HTTP status codes: `[200, 200]`, `[200, 299]`. */
export type StatusRange = readonly [from: number, to: number];

/** What a response has to be for its target to be up. */
export type Expectations = {
  readonly status: readonly StatusRange[];
};

/** TLS settings of a target (Prometheus' `tls_config`); paths are absolute, files are read at use. */
export type TlsSettings = {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify: boolean;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
};

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** A URL with its effective settings, as plain data: it crosses to the probing thread by copy. */
export type Target = {
  /** Identity of the target: `url` and `labels`, see {@link targetKey}. */
  readonly key: string;
  /** The URL as it was written; it is the `url` label. */
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly bodyFile?: string;
  readonly followRedirects: boolean;
  readonly maxRedirects: number;
  readonly maxBodyBytes: number;
  readonly expect: Expectations;
  readonly tls: TlsSettings;
};

/** The identity of a target: the same for the same URL and labels, in whatever order they were written. */
export function targetKey(url: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([url, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
