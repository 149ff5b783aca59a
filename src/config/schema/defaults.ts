import * as z from 'zod';
import { PROBE_SETTINGS, type Settings } from './schema.ts';

/** The default of every probe setting that has one, as the config file would give it. */
export const DEFAULTS = {
  labels: {},
  interval: '10s',
  timeout: '5s',
  method: 'GET',
  headers: {},
  follow_redirects: true,
  max_redirects: 10,
  expect: { status: [200] },
  max_body_size: '10MiB',
  tls_config: { insecure_skip_verify: false },
  ip_version: 'auto',
  dns_servers: [],
  no_proxy: [],
  proxy_from_environment: false,
  deny_addresses: [],
  allow_addresses: [],
};

/** The largest body where its content is matched; to match more would take too long. */
export const MATCHED_BODY_BYTES = 1024 * 1024;

/** The settings without a default. */
const WITHOUT_DEFAULT = {
  body: true,
  body_file: true,
  basic_auth: true,
  authorization: true,
  oauth2: true,
  proxy_url: true,
} as const;

/** The defaults, as parsed. */
export const BUILT_IN = z.strictObject(PROBE_SETTINGS).omit(WITHOUT_DEFAULT).parse(DEFAULTS);

/** The probe settings with every default filled in. */
export type FilledSettings = typeof BUILT_IN & Pick<Settings, keyof typeof WITHOUT_DEFAULT>;
