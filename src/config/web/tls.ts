import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { readOrFault } from '../../runtime/file-content.ts';
import type { TlsVersion } from '../../target/target.ts';
import type { Problem } from '../fault.ts';
import { keyPairFault, pemFault } from '../pem.ts';
import { versionProblems } from '../schema/tls.ts';
import type { Entries } from '../yaml/entries.ts';
import { type ClientAuth, TLS13_SUITES } from './go-names.ts';
import type { WebSettings } from './schema.ts';

/** TLS of the web server as plain data, its files read. */
export type WebTls = {
  /** Options of a secure context, as Node.js takes them. */
  readonly context: {
    readonly cert: string;
    readonly key: string;
    /** CAs of client certificates; the system's without it. */
    readonly ca?: string;
    readonly minVersion: TlsVersion;
    readonly maxVersion: TlsVersion;
    readonly ciphers?: string;
    readonly ecdhCurve?: string;
    readonly honorCipherOrder: boolean;
  };
  readonly clientAuth: ClientAuth;
  /** Of which a client certificate must have one; empty: any will do. */
  readonly clientAllowedSans: readonly string[];
};

/** The contents of the files that are named, by key; of those that could be read. */
export type TlsFiles = { readonly [Key in keyof typeof FILES]?: Buffer };

type TlsSection = NonNullable<WebSettings['tls_server_config']>;

const SECTION = 'tls_server_config';
const FILES = { cert_file: 'certificate', key_file: 'key', client_ca_file: 'ca' } as const;

/** Reads the files of the section as it is written, valid or not; paths are relative to `folder`. */
export async function readTlsFiles(
  section: Entries,
  folder: string,
): Promise<{ readonly files: TlsFiles; readonly problems: readonly Problem[] }> {
  const files: Record<string, Buffer> = {};
  const problems: Problem[] = [];
  const fail = (key: string, wrong: string | undefined) => {
    if (wrong !== undefined) problems.push({ path: [SECTION, key], value: section[key], wrong });
  };
  for (const [key, kind] of Object.entries(FILES)) {
    const value = section[key];
    if (typeof value !== 'string' || value === '') continue;
    const read = await readOrFault(resolve(folder, value));
    fail(key, pemFault(kind, read));
    if ('content' in read) files[key] = read.content;
  }
  const { cert_file, key_file }: TlsFiles = files;
  if (cert_file && key_file) fail('key_file', keyPairFault({ content: cert_file }, { content: key_file }));
  return { files, problems };
}

/** What is wrong between the settings of the section; each by itself is valid. */
export function tlsSectionProblems(tls: TlsSection): readonly Problem[] {
  const missing = (['cert_file', 'key_file'] as const).filter((key) => tls[key] === undefined);
  const asksNobody = tls.client_auth_type === undefined || tls.client_auth_type === 'NoClientCert';
  const idle = (['client_ca_file', 'client_allowed_sans'] as const).filter((key) => tls[key]?.length);
  return [
    ...missing.map((key) => ({ path: [SECTION], wrong: `has no ${key} (required)` })),
    ...(asksNobody ? idle : []).map((key) => ({
      path: [SECTION, key],
      wrong: 'has no effect without client_auth_type (such as RequireAndVerifyClientCert)',
    })),
    ...versionProblems(...versionsOf(tls), [SECTION]),
  ];
}

function versionsOf(tls: TlsSection): readonly [TlsVersion, TlsVersion] {
  return [tls.min_version ?? 'TLSv1.2', tls.max_version ?? 'TLSv1.3'];
}

/** The section with its files as plain data. */
export function webTlsOf(tls: TlsSection, files: TlsFiles): WebTls {
  const [minVersion, maxVersion] = versionsOf(tls);
  const { cipher_suites: suites, curve_preferences: groups } = tls;
  return {
    context: {
      cert: String(files.cert_file),
      key: String(files.key_file),
      ...(files.client_ca_file !== undefined && { ca: String(files.client_ca_file) }),
      minVersion,
      maxVersion,
      // As in Go, the suites of TLS 1.3 are always on; only those of earlier versions can be chosen.
      ...(suites !== undefined && { ciphers: [...new Set([...suites, ...TLS13_SUITES])].join(':') }),
      ...(groups !== undefined && { ecdhCurve: groups.join(':') }),
      honorCipherOrder: tls.prefer_server_cipher_suites ?? true,
    },
    clientAuth: tls.client_auth_type ?? 'NoClientCert',
    clientAllowedSans: tls.client_allowed_sans ?? [],
  };
}

/** Why OpenSSL rejects the settings, if it does: for a key that is too short, for example. */
export function opensslProblem({ context }: WebTls): Problem | undefined {
  try {
    createSecureContext(context);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const wrong = `is rejected by OpenSSL: ${reason} (a certificate and versions that it accepts)`;
    return { path: [SECTION], wrong };
  }
}
