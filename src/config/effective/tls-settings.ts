import type { TlsSettings } from '../../target/target.ts';
import type { TlsConfig } from '../schema/tls.ts';

/** TLS settings as the probe takes them. */
export function tlsSettings(tls: TlsConfig): TlsSettings {
  return {
    ...(tls.ca_file !== undefined && { caFile: tls.ca_file }),
    ...(tls.cert_file !== undefined && { certFile: tls.cert_file }),
    ...(tls.key_file !== undefined && { keyFile: tls.key_file }),
    ...(tls.server_name !== undefined && { serverName: tls.server_name }),
    insecureSkipVerify: tls.insecure_skip_verify ?? false,
    ...(tls.min_version !== undefined && { minVersion: tls.min_version }),
    ...(tls.max_version !== undefined && { maxVersion: tls.max_version }),
    ...(tls.curve_preferences !== undefined && { curvePreferences: tls.curve_preferences }),
  };
}
