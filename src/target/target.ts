/** An inclusive range of HTTP status codes: `[200, 200]`, `[200, 299]`. */
export type StatusRange = readonly [from: number, to: number];

/** What a response has to be for its target to be up. */
export type Expectations = {
  readonly status: readonly StatusRange[];
  readonly headers: readonly (Pattern & { readonly name: string })[];
  readonly body: readonly Pattern[];
  /** CEL expressions over `body`, the parsed JSON; all must be true. */
  readonly json: readonly string[];
};

/** A regular expression in RE2 syntax that must, or must not, match somewhere. */
export type Pattern = { readonly pattern: string; readonly mustMatch: boolean };

/** TLS settings of a target (Prometheus' `tls_config`); paths are absolute, files are read at use. */
export type TlsSettings = {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify: boolean;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** Key exchange groups in the order of preference; OpenSSL's own where there are none. */
  readonly curvePreferences?: readonly string[];
};

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** A secret as it was written, or the file it is read from at each use. */
export type Secret = { readonly value: string } | { readonly file: string };

/** What authorises a request: `basic_auth`, `authorization` or `oauth2`, of which a target has one at most. */
export type Credentials =
  | { readonly kind: 'basic'; readonly username: Secret; readonly password: Secret }
  | { readonly kind: 'authorization'; readonly type: string; readonly credentials: Secret }
  | OAuth2;

/** The client credentials grant (RFC 6749, 4.4). */
export type OAuth2 = {
  readonly kind: 'oauth2';
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly tokenUrl: string;
  readonly scopes: readonly string[];
  readonly endpointParams: Readonly<Record<string, string>>;
  readonly tls: TlsSettings;
};

/** Which proxies to go through, by the scheme of the URL probed, and which hosts to reach without. */
export type ProxySettings = {
  readonly http?: string;
  readonly https?: string;
  readonly noProxy: readonly string[];
};

/** Which address families may be connected to. */
export type IpVersion = 'auto' | '4' | '6';

/** Which addresses must not be connected to: CIDRs; `allow` makes exceptions to `deny` and to the built-in list. */
export type AddressPolicy = { readonly deny: readonly string[]; readonly allow: readonly string[] };

/** How the hosts of a probe are reached. */
export type ConnectionSettings = {
  readonly tls: TlsSettings;
  readonly ipVersion: IpVersion;
  /** `ADDRESS[:PORT]` of the name servers to ask in place of the system's. */
  readonly dnsServers: readonly string[];
  readonly proxy?: ProxySettings;
  readonly addresses: AddressPolicy;
};

/** What is requested from a URL; requests for tokens write each of these settings out. */
export type RequestSettings = ConnectionSettings & {
  /** The URL as it was written. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly followRedirects: boolean;
  readonly maxRedirects: number;
  readonly maxBodyBytes: number;
};

/** A URL with its effective settings, as plain data: it crosses to the probing thread by copy. */
export type Target = RequestSettings & {
  /** Identity of the target: `url` and `labels`, see {@link targetKey}. */
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly body?: string;
  readonly bodyFile?: string;
  readonly expect: Expectations;
  readonly credentials?: Credentials;
};

/** A whole target: a GET that expects 200, but for the settings given. */
export function makeTarget(url: string, settings: Partial<Omit<Target, 'key' | 'url'>> = {}): Target {
  return {
    key: targetKey(url, settings.labels ?? {}),
    url,
    labels: {},
    intervalMs: 10_000,
    timeoutMs: 5000,
    method: 'GET',
    headers: {},
    followRedirects: true,
    maxRedirects: 10,
    maxBodyBytes: 10 * 1024 * 1024,
    expect: { status: [[200, 200]], headers: [], body: [], json: [] },
    tls: { insecureSkipVerify: false },
    ipVersion: 'auto',
    dnsServers: [],
    addresses: { deny: [], allow: [] },
    ...settings,
  };
}

/**
 * The identity of a target: the same for the same URL and labels, in whatever order they were written.
 * Lone surrogates cannot be sent, so texts that differ in nothing else are the same.
 */
export function targetKey(url: string, labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([url.toWellFormed(), ...sorted.map(([name, value]) => [name, value.toWellFormed()])]);
}
