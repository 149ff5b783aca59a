import { validateHeaderValue } from 'node:http';
import * as z from 'zod';
import { wordCodec } from '../schema/codec.ts';
import { checkedText, filePath, NOT_BOOLEAN } from '../schema/text.ts';
import { tlsSchema } from '../schema/tls.ts';
import { CIPHER_SUITES, CLIENT_AUTH, type ClientAuth, GROUPS } from './go-names.ts';

// Each step doubles the time of a login, which is seconds already at 16.
const MAX_COST = 16;
const NOT_A_HASH = `is not a bcrypt hash of cost 4 to ${MAX_COST} (htpasswd -nBC 10 NAME makes one)`;

const min_version = tlsSchema.shape.min_version.unwrap();
const max_version = tlsSchema.shape.max_version.unwrap();

const tlsServerSchema = z
  .strictObject(
    {
      cert_file: filePath().describe('certificate and its issuers (PEM); required'),
      key_file: filePath().describe('key of the certificate (PEM, without passphrase); required'),
      client_auth_type: wordCodec<ClientAuth>('a policy for client certificates', CLIENT_AUTH).describe(
        `policy for client certificates: ${Object.keys(CLIENT_AUTH)
          .map((word) => `\`${word}\``)
          .join(', ')}; only the last is secure`,
      ),
      client_ca_file: filePath().describe('CA certificates (PEM) of client certificates'),
      client_allowed_sans: z
        .array(
          checkedText((text) => (text === '' ? 'is empty (a name, address or URI)' : undefined)),
          {
            error: 'is not a list of names (such as [prometheus.example.com])',
          },
        )
        .describe('names, addresses or URIs of which a client certificate must have one'),
      min_version,
      max_version,
      cipher_suites: listOf('a cipher suite', CIPHER_SUITES).describe("Go's names of suites up to TLS 1.2"),
      prefer_server_cipher_suites: z
        .boolean({ error: NOT_BOOLEAN })
        .describe('whether the order of suites here is used, or that of the client'),
      curve_preferences: listOf('a group', GROUPS).describe(
        `key exchange groups in the order of preference: ${Object.keys(GROUPS)
          .map((word) => `\`${word}\``)
          .join(', ')}`,
      ),
    },
    { error: 'is not a map of TLS settings' },
  )
  .partial();

const httpServerSchema = z
  .strictObject(
    {
      http2: z
        .boolean({ error: NOT_BOOLEAN })
        .describe('accepted for compatibility; only HTTP/1.1 is served'),
      headers: z
        .strictObject(
          {
            'Content-Security-Policy': header(),
            'X-Frame-Options': header('deny', 'sameorigin'),
            'X-Content-Type-Options': header('nosniff'),
            'X-XSS-Protection': header(),
            'Strict-Transport-Security': header(),
          },
          { error: 'is not a map of header names to values' },
        )
        .partial()
        .describe('fields of every response: `Content-Security-Policy` and other security fields'),
    },
    { error: 'is not a map of HTTP settings' },
  )
  .partial();

/** The file of `--web.config.file`, in the format of Prometheus' exporter-toolkit. */
export const webConfigSchema = z
  .strictObject({
    tls_server_config: tlsServerSchema,
    http_server_config: httpServerSchema,
    basic_auth_users: z
      .record(checkedText(userFault), checkedText(hashFault, NOT_A_HASH), {
        error: 'is not a map of user names to bcrypt hashes',
      })
      .describe('user names with the bcrypt hashes of their passwords'),
  })
  .partial();

/** The settings of the web server, as parsed. */
export type WebSettings = z.output<typeof webConfigSchema>;

function listOf(what: string, words: Readonly<Record<string, string>>) {
  return z
    .array(wordCodec(what, words), { error: `is not a list (${Object.keys(words).join(', ')})` })
    .min(1, { error: 'is empty (at least one)' });
}

function header(...allowed: readonly string[]) {
  return checkedText((value) => {
    if (value === '' || allowed.includes(value)) return undefined;
    if (allowed.length > 0) return `is not allowed (${allowed.join(', ')})`;
    return isHeaderValue(value) ? undefined : 'is not a header value (no line breaks or control characters)';
  });
}

function isHeaderValue(value: string): boolean {
  try {
    validateHeaderValue('value', value);
    return true;
  } catch {
    return false;
  }
}

function userFault(name: string): string | undefined {
  return name.includes(':') ? 'is not a user name (without a colon)' : undefined;
}

function hashFault(hash: string): string | undefined {
  const cost = Number(/^\$2[aby]?\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1]);
  return cost >= 4 && cost <= MAX_COST ? undefined : NOT_A_HASH;
}
