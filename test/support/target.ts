import { type Expectations, makeTarget, type Target, type TlsSettings } from '../../src/target/target.ts';

/** What a test sets of a target. */
export type Overrides = Partial<Omit<Target, 'expect' | 'tls'>> & {
  readonly expect?: Partial<Expectations>;
  readonly tls?: Partial<TlsSettings>;
};

/** A target's settings for tests of many probes; where nothing hangs a probe takes a hundredth of this timeout. */
export const OFTEN = { intervalMs: 100, timeoutMs: 2000 };

/** A whole target for tests: the defaults of a target but for a timeout of 10 s, and what the test sets. */
export function target(url: string, { expect, tls, ...overrides }: Overrides = {}): Target {
  const plain = makeTarget(url);
  return makeTarget(url, {
    timeoutMs: 10_000,
    expect: { ...plain.expect, ...expect },
    tls: { ...plain.tls, ...tls },
    ...overrides,
  });
}

/** A whole target that goes through one proxy, whatever the scheme. */
export function through(proxy: string, url: string, overrides: Overrides = {}): Target {
  return target(url, { proxy: { http: proxy, https: proxy, noProxy: [] }, ...overrides });
}
