import type { SecretMarkers } from './secret-markers.ts';

/** A target with secrets, and the result that their way through the exporter leads to. */
export type SecretTarget = {
  /** On the server without TLS, unless it is a whole URL. */
  readonly at: string;
  readonly result: string;
  readonly settings?: Readonly<Record<string, unknown>>;
};

/** Where the servers are that know the secrets. */
export type SecretServers = {
  readonly secure: string;
  readonly tokens: string;
  readonly proxy: string;
  readonly names: string;
};

/** The variables that `${NAME}` takes, each a secret. */
export const FILLED = [
  'HEADER',
  'PATTERN',
  'KEY',
  'METHOD',
  'PROXY_HOST',
  'TOKEN_HOST',
  'SERVER_NAME',
  'LOST',
];

/** Files that hold a secret each. */
export const SECRET_FILES = ['password', 'token', 'body', 'client-secret'];

/** Targets with a secret in each place that can hold one, for each way on which it might come to light. */
export function secretTargets(mark: SecretMarkers, servers: SecretServers): readonly SecretTarget[] {
  const { names } = servers;
  const oauth2 = {
    client_id: 'us',
    client_secret: mark.of('oauth2.client_secret'),
    token_url: `${servers.tokens}give`,
  };
  const identity = { ca_file: 'ca.pem', cert_file: 'client.pem', key_file: 'client-key.pem' };
  const basic = { username: 'joe', password: mark.of('basic_auth.password') };
  const proxy_url = `http://${mark.of('proxy_url user')}:${mark.of('proxy_url password')}@${servers.proxy}`;
  return [
    row('/ok?basic', 'success', { basic_auth: basic }),
    row('/fail?basic', 'unexpected_status', { basic_auth: { username: 'joe', password_file: 'password' } }),
    row('/garbled', 'protocol_error', {
      authorization: { credentials: mark.of('authorization.credentials') },
    }),
    row('/zipped', 'unexpected_content', {
      authorization: { type: 'Token', credentials_file: 'token' },
      expect: { body: [{ matches: 'never' }] },
    }),
    row('/moved', 'unexpected_status', { headers: { 'X-Key': mark.of('headers') } }),
    row('/circle', 'redirect_error'),
    row('/nowhere', 'redirect_error'),
    row('/other', 'redirect_error'),
    row('/blocked', 'blocked_address'),
    row('/refused', 'connect_refused'),
    row('/fail?body', 'unexpected_status', { method: 'POST', body: mark.of('body') }),
    row('/fail?body_file', 'unexpected_status', { method: 'POST', body_file: 'body' }),
    row('/ok?oauth2', 'success', {
      oauth2: { ...oauth2, endpoint_params: { a: mark.of('oauth2.endpoint_params') } },
    }),
    row('/fail?oauth2', 'unexpected_status', { oauth2 }),
    row('/ok?refused-token', 'auth_error', {
      oauth2: { client_id: 'us', client_secret_file: 'client-secret', token_url: `${servers.tokens}fail` },
    }),
    row('/ok?proxy', 'proxy_error', { proxy_url }),
    row(`${servers.secure}tunnel`, 'proxy_error', { proxy_url }),
    row('/ok?proxy-variable', 'proxy_error', { proxy_from_environment: true }),
    row('/ok?HEADER', 'success', { headers: { 'X-Env': 'a $' + '{HEADER}' } }),
    row('/ok?matches', 'unexpected_content', { expect: { body: [{ matches: '$' + '{PATTERN}never' }] } }),
    row('/ok?name', 'unexpected_content', {
      expect: { headers: [{ name: 'x-echo', matches: '$' + '{PATTERN}never' }] },
    }),
    row('/ok?json', 'unexpected_content', {
      expect: { json: ["body.headers['$" + "{KEY}'] == '$" + "{PATTERN}'"] },
    }),
    row('/ok?value', 'unexpected_content', {
      headers: { 'X-Value': mark.of('a header that comes back') },
      expect: { json: ["body.headers['x-value']"] },
    }),
    row('/ok?method', 'unexpected_status', { method: '$' + '{METHOD}' }),
    row('/ok?proxy-host', 'proxy_error', {
      proxy_url: 'http://$' + '{PROXY_HOST}.test:1',
      dns_servers: [names],
    }),
    row('/ok?token-host', 'auth_error', {
      oauth2: { ...oauth2, token_url: 'http://$' + '{TOKEN_HOST}.test/' },
      dns_servers: [names],
    }),
    row('/ok?lost-password', 'auth_error', {
      basic_auth: { username: 'joe', password_file: '$' + '{LOST}/none' },
    }),
    row('/ok?lost-body', 'internal_error', { method: 'POST', body_file: '$' + '{LOST}/body' }),
    row(`${servers.secure}lost-ca`, 'internal_error', { tls_config: { ca_file: '$' + '{LOST}/ca.pem' } }),
    row(`${servers.secure}ok`, 'success', { tls_config: identity }),
    row(`${servers.secure}name`, 'tls_certificate', {
      tls_config: { ...identity, server_name: '$' + '{SERVER_NAME}.test' },
    }),
  ];
}

function row(at: string, result: string, settings: SecretTarget['settings'] = {}): SecretTarget {
  return { at, result, settings };
}
