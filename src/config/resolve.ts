import { BUILT_IN, type Effective } from './defaults.ts';
import { type EffectiveGlobal, effectiveTarget } from './effective.ts';
import type { TargetSettings } from './schema.ts';
import { type Expectations, type Target, type TlsSettings, targetKey } from './target.ts';

type Headers = Target['headers'];

const ANY_ADDRESS: Target['addresses'] = { deny: [], allow: [] };
const SYSTEM_RESOLVER: Target['dnsServers'] = [];

/** The targets in effect; equal settings are one object, however many targets have them. */
export function resolveTargets(
  global: EffectiveGlobal,
  targets: readonly TargetSettings[],
): readonly Target[] {
  const shared = {
    tls: sharing<TlsSettings>(),
    headers: sharing<Headers>(),
    expect: sharing<Expectations>(),
  };
  return targets.map((own) => {
    const effective = effectiveTarget(global, own);
    return {
      ...plainSettings(own.url, effective),
      tls: shared.tls(tlsSettings(effective.tls_config)),
      headers: shared.headers(effective.headers),
      expect: shared.expect(expectations(effective.expect)),
      addresses: ANY_ADDRESS,
      dnsServers: SYSTEM_RESOLVER,
    };
  });
}

function plainSettings(
  url: string,
  effective: Effective,
): Omit<Target, 'tls' | 'headers' | 'expect' | 'addresses' | 'dnsServers'> {
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
    ipVersion: 'auto',
  };
}

function expectations({ status }: Effective['expect']): Expectations {
  return { status: status ?? BUILT_IN.expect.status ?? [], headers: [], body: [], json: [] };
}

function tlsSettings(tls: Effective['tls_config']): TlsSettings {
  return {
    ...(tls.ca_file !== undefined && { caFile: tls.ca_file }),
    ...(tls.cert_file !== undefined && { certFile: tls.cert_file }),
    ...(tls.key_file !== undefined && { keyFile: tls.key_file }),
    ...(tls.server_name !== undefined && { serverName: tls.server_name }),
    insecureSkipVerify: tls.insecure_skip_verify ?? false,
    ...(tls.min_version !== undefined && { minVersion: tls.min_version }),
    ...(tls.max_version !== undefined && { maxVersion: tls.max_version }),
  };
}

/** Gives back the first of all equal values. */
function sharing<T>(): (value: T) => T {
  const first = new Map<string, T>();
  return (value) => {
    const text = JSON.stringify(value);
    const known = first.get(text) ?? value;
    first.set(text, known);
    return known;
  };
}
