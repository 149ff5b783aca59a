import { isIP } from 'node:net';
import { type Expectations, type Pattern, type Target, targetKey } from '../../target/target.ts';
import type { Environment } from '../environment.ts';
import { BUILT_IN, type FilledSettings } from '../schema/defaults.ts';
import type { TargetSettings } from '../schema/schema.ts';
import { credentialsOf, tlsSettingsOf } from './credentials.ts';
import { type EffectiveGlobal, inheritSettings } from './inheritance.ts';
import { proxiesOf } from './proxies.ts';

/** The targets in effect; equal settings are one object, however many targets have them. */
export function resolveTargets(
  global: EffectiveGlobal,
  targets: readonly TargetSettings[],
  env: Environment,
): readonly Target[] {
  const shared = {
    headers: makeSharing<Target['headers']>(),
    expect: makeSharing<Target['expect']>(),
    tls: makeSharing<Target['tls']>(),
    credentials: makeSharing<Target['credentials']>(),
    proxy: makeSharing<Target['proxy']>(),
    dnsServers: makeSharing<Target['dnsServers']>(),
    addresses: makeSharing<Target['addresses']>(),
  };
  return targets.map((own) => {
    const effective = inheritSettings(global, own);
    const credentials = shared.credentials(credentialsOf(effective));
    const proxy = shared.proxy(proxiesOf(effective, env));
    return {
      ...plainSettings(own.url, effective),
      headers: shared.headers(effective.headers),
      expect: shared.expect(expectationsOf(effective.expect)),
      tls: shared.tls(tlsSettingsOf(effective.tls_config)),
      ...(credentials !== undefined && { credentials }),
      ...(proxy !== undefined && { proxy }),
      dnsServers: shared.dnsServers(effective.dns_servers),
      addresses: shared.addresses({
        deny: networksOf(effective.deny_addresses),
        allow: networksOf(effective.allow_addresses),
      }),
    };
  });
}

type Shared = 'headers' | 'expect' | 'tls' | 'credentials' | 'proxy' | 'dnsServers' | 'addresses';

function plainSettings(url: string, effective: FilledSettings): Omit<Target, Shared> {
  const { labels, body, body_file } = effective;
  return {
    key: targetKey(url, labels),
    url,
    labels,
    intervalMs: effective.interval,
    timeoutMs: effective.timeout,
    method: effective.method,
    ...(body !== undefined && { body }),
    ...(body_file !== undefined && { bodyFile: body_file }),
    followRedirects: effective.follow_redirects,
    maxRedirects: effective.max_redirects,
    maxBodyBytes: effective.max_body_size,
    ipVersion: effective.ip_version,
  };
}

function expectationsOf({
  status,
  headers = [],
  body = [],
  json = [],
}: FilledSettings['expect']): Expectations {
  return {
    status: status ?? BUILT_IN.expect.status ?? [],
    headers: headers.map((header) => ({ name: header.name, ...patternOf(header) })),
    body: body.map(patternOf),
    json,
  };
}

function patternOf({
  matches,
  not_matches = '',
}: {
  matches?: string | undefined;
  not_matches?: string | undefined;
}): Pattern {
  return matches === undefined
    ? { pattern: not_matches, mustMatch: false }
    : { pattern: matches, mustMatch: true };
}

// An address alone is the whole of its network.
function networksOf(addresses: readonly string[]): readonly string[] {
  return addresses.map((text) => (text.includes('/') ? text : `${text}/${isIP(text) === 6 ? 128 : 32}`));
}

/** Makes a function that returns the first of all equal values: memory for one, however many targets have it. */
function makeSharing<T>(): (value: T) => T {
  const first = new Map<string, T>();
  return (value) => {
    const text = JSON.stringify(value) ?? '';
    const known = first.get(text) ?? value;
    first.set(text, known);
    return known;
  };
}
