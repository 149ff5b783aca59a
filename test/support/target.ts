import { type Expectations, type Target, type TlsSettings, targetKey } from '../../src/target/target.ts';

/** What a test sets of a target. */
export type Overrides = Partial<Omit<Target, 'expect' | 'tls'>> & {
  readonly expect?: Partial<Expectations>;
  readonly tls?: Partial<TlsSettings>;
};

/** A whole target for tests: the defaults of a target but for a timeout of 3 s, and what the test sets. */
export function target(url: string, { expect, tls, ...overrides }: Overrides = {}): Target {
  const labels = overrides.labels ?? {};
  return {
    key: targetKey(url, labels),
    url,
    labels,
    intervalMs: 10_000,
    timeoutMs: 3000,
    method: 'GET',
    headers: {},
    followRedirects: true,
    maxRedirects: 10,
    maxBodyBytes: 10 * 1024 * 1024,
    expect: { status: [[200, 200]], headers: [], body: [], json: [], ...expect },
    tls: { insecureSkipVerify: false, ...tls },
    ipVersion: 'auto',
    dnsServers: [],
    addresses: { deny: [], allow: [] },
    ...overrides,
  };
}

/** A whole target that goes through one proxy, whatever the scheme. */
export function through(proxy: string, url: string, overrides: Overrides = {}): Target {
  return target(url, { proxy: { http: proxy, https: proxy, noProxy: [] }, ...overrides });
}
