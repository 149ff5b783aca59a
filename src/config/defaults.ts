import * as z from 'zod';
import { PROBE_SETTINGS } from './schema.ts';

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
};

/** The defaults, as parsed. */
export const BUILT_IN = z.strictObject(PROBE_SETTINGS).omit({ body: true, body_file: true }).parse(DEFAULTS);

/** The probe settings with every default filled in. */
export type Effective = typeof BUILT_IN & { readonly body?: string; readonly body_file?: string };
