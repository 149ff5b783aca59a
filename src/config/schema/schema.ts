import * as z from 'zod';
import { INTERVAL, TIMEOUT } from '../../target/duration.ts';
import { urlFault } from '../../target/url.ts';
import { durationCodec, sizeCodec } from './codec.ts';
import { authorizationSchema, basicAuthSchema, oauth2Schema } from './credentials.ts';
import { expectSchema } from './expectations.ts';
import { headersSchema, methodSchema } from './header.ts';
import { labelsSchema } from './label.ts';
import { NETWORK_SETTINGS } from './network.ts';
import { checkedText, filePath, integer, NOT_BOOLEAN, NOT_TEXT } from './text.ts';
import { tlsSchema } from './tls.ts';

/** Every probe setting: one row each, for a target or, as the default of all targets, for the top level. */
export const PROBE_SETTINGS = {
  labels: labelsSchema.describe('extra labels of the series'),
  interval: durationCodec(INTERVAL).describe('time from probe to probe, 100ms to 24h'),
  timeout: durationCodec(TIMEOUT).describe('deadline of a whole probe, at most the interval'),
  method: methodSchema.describe('request method'),
  headers: headersSchema.describe('request header; replaces those of the exporter, such as User-Agent'),
  body: z.string({ error: NOT_TEXT }).describe('request body'),
  body_file: filePath().describe('file that holds the request body, read at each probe'),
  follow_redirects: z.boolean({ error: NOT_BOOLEAN }).describe('whether to follow redirects'),
  max_redirects: integer(0, 100).describe('most redirects to follow'),
  expect: expectSchema.describe('what a response must be for its target to be up'),
  max_body_size: sizeCodec.describe('largest body; more is `body_too_large`'),
  basic_auth: basicAuthSchema.describe('credentials (RFC 7617)'),
  authorization: authorizationSchema.describe('an Authorization field'),
  oauth2: oauth2Schema.describe('a token of the client credentials grant'),
  tls_config: tlsSchema.describe('TLS; `tls` is accepted as the same'),
  ...NETWORK_SETTINGS,
};

/** The settings of a target only. */
export const TARGET_SETTINGS = {
  url: checkedText(urlFault).describe('http or https, unique together with `labels`; the `url` label'),
};

const NOT_BUCKETS = 'is not a list of increasing milliseconds (such as [50, 100, 250, 1000])';

/** The settings of the top level only. */
export const GLOBAL_SETTINGS = {
  concurrency: integer(1, 1_000_000).describe('most probes at once; a safety limit, not a rate'),
  histogram_buckets_ms: z
    .array(z.number({ error: NOT_BUCKETS }).positive({ error: NOT_BUCKETS }), { error: NOT_BUCKETS })
    .min(1, { error: NOT_BUCKETS })
    .refine((bounds) => bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? 0)), {
      error: NOT_BUCKETS,
    })
    .describe('upper bounds of the histogram of response times; without them there is none'),
  target_files: z
    .array(filePath(), { error: 'is not a list of files or globs (such as [targets/*.yml])' })
    .describe("files or globs of Prometheus' `file_sd` format with further targets, watched"),
};

/** The probe settings as one layer gives them, each of them optional. */
export const settingsSchema = z.strictObject(PROBE_SETTINGS).partial();

/** A target in its long form. */
export const targetSchema = z.strictObject({ ...TARGET_SETTINGS, ...settingsSchema.shape });

/** The top level of the config file, without its targets. */
export const globalSchema = z.strictObject({ ...settingsSchema.shape, ...GLOBAL_SETTINGS }).partial();

/** The whole config file, its targets in the long form. */
export const fileSchema = globalSchema.extend({
  targets: z.array(targetSchema).describe('URLs, or maps of `url` and settings of its own').optional(),
});

/** Other spellings of keys, by the key that they stand for. */
export const ALIASES: ReadonlyMap<unknown, string> = new Map([['tls_config', 'tls']]);

/** The probe settings of one layer, as parsed. */
export type Settings = z.output<typeof settingsSchema>;

/** A target's own settings, as parsed. */
export type TargetSettings = z.output<typeof targetSchema>;

/** The settings of the top level, as parsed. */
export type GlobalSettings = z.output<typeof globalSchema>;

/** Settings of which a layer may set one; set on a target, it also replaces the others of the top level. */
export const EXCLUSIVE: readonly (readonly (keyof Settings)[])[] = [
  ['body', 'body_file'],
  ['basic_auth', 'authorization', 'oauth2'],
  ['proxy_url', 'proxy_from_environment'],
];
