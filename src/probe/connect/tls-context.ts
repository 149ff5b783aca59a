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
import { reread } from '../reread.ts';
import { type Trusted, trustedOf } from './trusted.ts';

/** A TLS context, and whom it trusts. */
export type Context = { readonly secureContext: SecureContext; readonly trusted: Trusted };

type Contexts = { readonly own: () => Context; readonly foreign: () => Context };

// By identity: targets that inherit their settings share them, and so one context.
const contexts = new WeakMap<TlsSettings, Contexts>();

/**
 * The TLS context of a target's settings, made again when its files changed; a file that is missing or unusable is
 * a failure of ours. An `origin` other than the target's own gets no client certificate.
 */
export function tlsContext(settings: TlsSettings, origin: 'own' | 'foreign'): Context | Failure {
  const known = contexts.get(settings) ?? prepare(settings);
  contexts.set(settings, known);
  try {
    return known[origin]();
  } catch (error) {
    return new Failure('internal_error', `tls_config cannot be used: ${fileFault(error)}`);
  }
}

function prepare(settings: TlsSettings): Contexts {
  const { certFile, keyFile, caFile, ...rest } = settings;
  const withoutIdentity: TlsSettings = caFile === undefined ? rest : { ...rest, caFile };
  return { own: contextOf(settings), foreign: contextOf(withoutIdentity) };
}

function contextOf(settings: TlsSettings): () => Context {
  const { caFile, certFile, keyFile } = settings;
  const paths = [caFile, certFile, keyFile].filter((path) => path !== undefined);
  return reread(paths, () => {
    const trusted = caFile === undefined ? trustSystem() : trustedOf([readFileSync(caFile, 'utf8')]);
    return { secureContext: createSecureContext(contextOptions(settings)), trusted };
  });
}

function contextOptions(settings: TlsSettings): SecureContextOptions {
  const { caFile, certFile, keyFile, minVersion, maxVersion, curvePreferences } = settings;
  const old = [minVersion, maxVersion].some((version) => version === 'TLSv1' || version === 'TLSv1.1');
  return {
    ...(caFile !== undefined && { ca: readFileSync(caFile) }),
    ...(certFile !== undefined && { cert: readFileSync(certFile) }),
    ...(keyFile !== undefined && { key: readFileSync(keyFile) }),
    ...(minVersion !== undefined && { minVersion }),
    ...(maxVersion !== undefined && { maxVersion }),
    ...(curvePreferences !== undefined && { ecdhCurve: curvePreferences.join(':') }),
    // OpenSSL 3 refuses the signatures of these versions at its usual level.
    ...(old && { ciphers: 'DEFAULT:@SECLEVEL=0' }),
  };
}

let systemTrusted: Trusted | undefined;

/**
 * Reads the certificates that this machine trusts, once: 0.1 s that no probe should wait for.
 * Node trusts a list of its own, which stays only where the machine has none.
 */
export function trustSystem(): Trusted {
  systemTrusted ??= readSystem();
  return systemTrusted;
}

function readSystem(): Trusted {
  const system = getCACertificates('system');
  if (system.length > 0) setDefaultCACertificates([...system, ...getCACertificates('extra')]);
  return trustedOf(getCACertificates('default'));
}
