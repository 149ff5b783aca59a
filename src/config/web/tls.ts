import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { readOrFault } from '../../runtime/file-content.ts';
import type { TlsVersion } from '../../target/target.ts';
import type { Problem } from '../fault.ts';
import { certificatesFault, keyFault, keyFits } from '../pem.ts';
import { TLS_ORDER } from '../schema/tls.ts';
import type { Entries } from '../yaml/entries.ts';
import type { WebSettings } from './schema.ts';
import { type ClientAuth, TLS13_SUITES } from './words.ts';

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
export type TlsFiles = { readonly [Key in FileKey]?: Buffer };

type FileKey = keyof typeof FILES;
type TlsSettings = NonNullable<WebSettings['tls_server_config']>;

const SECTION = 'tls_server_config';
const FILES = {
  cert_file: { allowed: 'a PEM file of a certificate and its issuers', fault: certificatesFault },
  key_file: { allowed: 'a PEM file of a private key, without passphrase', fault: keyFault },
  client_ca_file: { allowed: 'a PEM file of CA certificates', fault: certificatesFault },
} as const;

/** Reads the files of the section as it is written, right or wrong; paths are relative to `folder`. */
export async function readTlsFiles(
  section: Entries,
  folder: string,
): Promise<{ readonly files: TlsFiles; readonly problems: readonly Problem[] }> {
  const files: Record<string, Buffer> = {};
  const problems: Problem[] = [];
  for (const [key, { allowed, fault }] of Object.entries(FILES)) {
    const value = section[key];
    if (typeof value !== 'string' || value === '') continue;
    const read = await readOrFault(resolve(folder, value));
    const wrong = 'fault' in read ? read.fault : fault(read.content);
    if (wrong !== undefined) problems.push({ path: [SECTION, key], value, wrong: `${wrong} (${allowed})` });
    else if ('content' in read) files[key] = read.content;
  }
  const { cert_file, key_file }: TlsFiles = files;
  if (cert_file !== undefined && key_file !== undefined && !keyFits(cert_file, key_file)) {
    const wrong = 'does not fit cert_file (the private key of its first certificate)';
    problems.push({ path: [SECTION, 'key_file'], value: section.key_file, wrong });
  }
  return { files, problems };
}

/** What is wrong between the settings of the section; each by itself is right. */
export function tlsProblems(tls: TlsSettings): readonly Problem[] {
  const problem = (key: string, wrong: string): Problem => ({ path: [SECTION, key], wrong });
  const missing = (['cert_file', 'key_file'] as const).filter((key) => tls[key] === undefined);
  const problems = missing.map((key): Problem => ({ path: [SECTION], wrong: `has no ${key} (required)` }));
  const asksNobody = tls.client_auth_type === undefined || tls.client_auth_type === 'NoClientCert';
  const policy = 'stands without a policy (client_auth_type: RequireAndVerifyClientCert)';
  if (asksNobody && tls.client_ca_file !== undefined) problems.push(problem('client_ca_file', policy));
  if (asksNobody && tls.client_allowed_sans?.length) problems.push(problem('client_allowed_sans', policy));
  const [least, most] = versions(tls);
  if (TLS_ORDER.indexOf(least) > TLS_ORDER.indexOf(most)) {
    problems.push(problem('min_version', 'is above max_version (at most that)'));
  }
  return problems;
}

function versions(tls: TlsSettings): readonly [TlsVersion, TlsVersion] {
  return [tls.min_version ?? 'TLSv1.2', tls.max_version ?? 'TLSv1.3'];
}

/** The section with its files as plain data. */
export function webTls(tls: TlsSettings, files: TlsFiles): WebTls {
  const [minVersion, maxVersion] = versions(tls);
  const { cipher_suites: suites, curve_preferences: groups } = tls;
  return {
    context: {
      cert: String(files.cert_file),
      key: String(files.key_file),
      ...(files.client_ca_file !== undefined && { ca: String(files.client_ca_file) }),
      minVersion,
      maxVersion,
      // As with Go, the suites of TLS 1.3 are there whatever is chosen for the versions before.
      ...(suites !== undefined && { ciphers: [...new Set([...suites, ...TLS13_SUITES])].join(':') }),
      ...(groups !== undefined && { ecdhCurve: groups.join(':') }),
      honorCipherOrder: tls.prefer_server_cipher_suites ?? true,
    },
    clientAuth: tls.client_auth_type ?? 'NoClientCert',
    clientAllowedSans: tls.client_allowed_sans ?? [],
  };
}

/** What OpenSSL itself has against the settings, such as a key that is too short. */
export function opensslProblem({ context }: WebTls): Problem | undefined {
  try {
    createSecureContext(context);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const wrong = `is refused by OpenSSL: ${reason} (a certificate and versions that it takes)`;
    return { path: [SECTION], wrong };
  }
}
