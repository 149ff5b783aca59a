import { createSecureContext } from 'node:tls';
import * as z from 'zod';
import type { TlsVersion } from '../../target/target.ts';
import type { Path, Problem } from '../fault.ts';
import { wordCodec } from './codec.ts';
import { checkedText, filePath, NOT_BOOLEAN } from './text.ts';

const VERSIONS = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

const tlsVersion = wordCodec<TlsVersion>('a TLS version', VERSIONS);

/** `tls_config`, with the fields that Prometheus gives it. */
export const tlsSchema = z
  .strictObject(
    {
      ca_file: filePath().describe('CA certificates (PEM) that alone are trusted'),
      cert_file: filePath().describe('client certificate (PEM), together with `key_file`'),
      key_file: filePath().describe('key of the client certificate (PEM, without passphrase)'),
      server_name: checkedText(serverNameFault).describe('server name for SNI and verification'),
      insecure_skip_verify: z
        .boolean({ error: NOT_BOOLEAN })
        .describe('accepts any certificate; the log warns of it'),
      min_version: tlsVersion.describe('lowest version: `TLS10`, `TLS11`, `TLS12`, `TLS13`'),
      max_version: tlsVersion.describe('highest version'),
      curve_preferences: z
        .array(checkedText(curveFault), { error: 'is not a list of groups (such as [X25519, P-256])' })
        .min(1, { error: 'is empty (at least one group)' })
        .describe('key exchange groups; without a post-quantum one a handshake takes less CPU'),
    },
    { error: 'is not a map of TLS settings' },
  )
  .partial();

/** TLS settings as parsed. */
export type TlsConfig = z.output<typeof tlsSchema>;

function serverNameFault(name: string): string | undefined {
  return /^[^\s/@]+$/.test(name) ? undefined : 'is not a host name or IP address';
}

function curveFault(group: string): string | undefined {
  try {
    createSecureContext({ ecdhCurve: group });
    return undefined;
  } catch {
    return 'is not a group that OpenSSL knows (such as X25519, P-256, X25519MLKEM768)';
  }
}

const ORDER: readonly TlsVersion[] = Object.values(VERSIONS);

/** What is wrong with the lowest and the highest version of a section that stands at `at`. */
export function versionProblems(
  lowest: TlsVersion | undefined,
  highest: TlsVersion | undefined,
  at: Path,
): readonly Problem[] {
  if (!lowest || !highest || ORDER.indexOf(lowest) <= ORDER.indexOf(highest)) return [];
  return [{ path: [...at, 'min_version'], wrong: 'is higher than max_version (at most that)' }];
}
