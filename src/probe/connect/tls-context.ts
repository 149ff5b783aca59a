import { readFileSync } from 'node:fs';
import {
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type SecureContextOptions,
  setDefaultCACertificates,
} from 'node:tls';
import { fileFault } from '../../runtime/file-content.ts';
import type { TlsSettings } from '../../target/target.ts';
import { Failure } from '../failure.ts';
import { cacheFiles } from '../file-cache.ts';
import { CertificatePaths, parseTrusted, type TrustedCertificates } from './certificate-path.ts';
import { groupsOf, type KeyShare } from './key-share.ts';

/** A TLS context, and the paths from the certificates of servers to those that it trusts. */
export type TlsContext = { readonly secureContext: SecureContext; readonly paths: CertificatePaths };

/** The TLS contexts of some settings, made when they are first used and again when one of their files has changed. */
export type TlsContexts = {
  readonly own: GetContext;
  /** For other origins than the target's own: without a client certificate. */
  readonly foreign: GetContext;
};

/** Gets the context whose handshakes begin with a key share; with the default ones where none is named. */
type GetContext = (share?: KeyShare) => TlsContext | Failure;

export function makeTlsContexts(settings: TlsSettings): TlsContexts {
  const { certFile, keyFile, ...withoutIdentity } = settings;
  const own = cacheContext(settings);
  return { own, foreign: certFile === undefined ? own : cacheContext(withoutIdentity) };
}

function cacheContext(settings: TlsSettings): GetContext {
  const { caFile, certFile, keyFile } = settings;
  const paths = [caFile, certFile, keyFile].filter((path) => path !== undefined);
  const contexts = cacheFiles(paths, () => {
    const trusted = caFile === undefined ? readSystemTrust() : parseTrusted([readFileSync(caFile, 'utf8')]);
    return cacheByShare(contextOptions(settings), new CertificatePaths(trusted));
  });
  return (share) => {
    try {
      return contexts()(settings.curvePreferences === undefined ? share : undefined);
    } catch (error) {
      return new Failure('internal_error', `tls_config cannot be used: ${fileFault(error)}`);
    }
  };
}

function cacheByShare(
  options: SecureContextOptions,
  paths: CertificatePaths,
): (share?: KeyShare) => TlsContext {
  const made = new Map<KeyShare | undefined, TlsContext>();
  const make = (share?: KeyShare) => {
    const groups = share === undefined ? {} : { ecdhCurve: groupsOf(share) };
    return { secureContext: createSecureContext({ ...options, ...groups }), paths };
  };
  return (share) => {
    const context = made.get(share) ?? make(share);
    made.set(share, context);
    return context;
  };
}

function contextOptions(settings: TlsSettings): SecureContextOptions {
  const { caFile, certFile, keyFile, minVersion, maxVersion, curvePreferences } = settings;
  const isOld = [minVersion, maxVersion].some((version) => version === 'TLSv1' || version === 'TLSv1.1');
  return {
    // Any certificate in the file is trusted, not only roots.
    ...(caFile !== undefined && { ca: readFileSync(caFile), allowPartialTrustChain: true }),
    ...(certFile !== undefined && { cert: readFileSync(certFile) }),
    ...(keyFile !== undefined && { key: readFileSync(keyFile) }),
    ...(minVersion !== undefined && { minVersion }),
    ...(maxVersion !== undefined && { maxVersion }),
    ...(curvePreferences !== undefined && { ecdhCurve: curvePreferences.join(':') }),
    // OpenSSL 3 refuses the signatures of these versions at its usual level.
    ...(isOld && { ciphers: 'DEFAULT:@SECLEVEL=0' }),
  };
}

// Node has one list for the whole thread too.
let systemTrust: TrustedCertificates | undefined;

/**
 * Reads the certificates that this machine trusts, once; it takes so long that no probe should wait for it.
 * Node's own list stays only where the machine has none.
 */
export function readSystemTrust(): TrustedCertificates {
  systemTrust ??= parseTrusted(useSystemCertificates());
  return systemTrust;
}

function useSystemCertificates(): readonly string[] {
  const system = getCACertificates('system');
  if (system.length > 0) setDefaultCACertificates([...system, ...getCACertificates('extra')]);
  return getCACertificates('default');
}
