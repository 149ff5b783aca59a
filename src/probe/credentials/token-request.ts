import type { OAuth2, RequestSettings, Target } from '../../target/target.ts';
import { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { firstHop } from '../http/hop.ts';
import { requestUrl } from '../http/redirects.ts';
import type { HttpResponse } from '../http/response.ts';
import type { ProbeResources } from '../resources.ts';
import { Timeline } from '../timeline.ts';
import { readSecret } from './secret.ts';
import type { Token } from './shared-token.ts';

const MAX_RESPONSE_BYTES = 64 * 1024;

/** Requests a token, with a deadline of its own as long as the target's. */
export async function requestToken(
  credentials: OAuth2,
  target: Target,
  resources: ProbeResources,
): Promise<Token | Failure> {
  const secret = await readSecret(credentials.clientSecret);
  if (secret instanceof Failure) return secret;
  const { clientId, tokenUrl } = credentials;
  const post = (headers: Fields, form: Fields) =>
    postForm(
      settingsOf(credentials, headers, target),
      formOf(credentials, form),
      target.timeoutMs,
      resources,
    );
  // A server must accept the client in the header; some accept it only in the form (RFC 6749, 2.3.1).
  let response = await post({ Authorization: basicAuthorization(clientId, secret) }, {});
  if (!(response instanceof Failure) && [400, 401].includes(response.status)) {
    response = await post({}, { client_id: clientId, client_secret: secret });
  }
  return response instanceof Failure ? withoutHost(response, tokenUrl) : parseToken(response);
}

type Fields = Readonly<Record<string, string>>;

function basicAuthorization(id: string, secret: string): string {
  const pair = [id, secret].map((part) => encodeURIComponent(part)).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function formOf({ scopes, endpointParams }: OAuth2, client: Fields): string {
  const scope = scopes.length > 0 ? { scope: scopes.join(' ') } : {};
  const fields = { grant_type: 'client_credentials', ...scope, ...endpointParams, ...client };
  return new URLSearchParams(fields).toString();
}

function settingsOf(
  { tokenUrl, tls }: OAuth2,
  authorization: Fields,
  { ipVersion, dnsServers, proxy, addresses }: Target,
): RequestSettings {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
  return {
    url: tokenUrl,
    method: 'POST',
    headers: { ...form, ...authorization },
    followRedirects: false,
    maxRedirects: 0,
    maxBodyBytes: MAX_RESPONSE_BYTES,
    tls,
    ipVersion,
    dnsServers,
    ...(proxy && { proxy }),
    addresses,
  };
}

async function postForm(
  settings: RequestSettings,
  form: string,
  timeoutMs: number,
  resources: ProbeResources,
): Promise<HttpResponse | Failure> {
  const deadline = new Deadline(timeoutMs);
  const run = { settings, resources, deadline, timeline: new Timeline(), findings: {}, keepsBody: true };
  const response = await requestUrl(firstHop(run, form), run);
  deadline.stop();
  return response;
}

// A fault of the token server is not the target's. Its name is hidden: it may come from a secret variable.
function withoutHost(failure: Failure, tokenUrl: string): Failure {
  if (failure.result === 'internal_error') return failure;
  return tokenFailure(failure.reason.replaceAll(new URL(tokenUrl).hostname, 'its host'));
}

function parseToken({ status, content }: HttpResponse): Token | Failure {
  if (status !== 200) return tokenFailure(`it responded with ${status}`);
  const { access_token: value, expires_in: seconds } = parseJson(content?.toString('utf8') ?? '');
  // A token that cannot be sent would be kept for ever, since no target refuses it.
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    return tokenFailure('its response is not JSON with a usable access_token');
  }
  // It must not expire on its way. One without a lifetime is kept until it is refused.
  const lifetimeMs = seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000 * 0.9;
  return { value, lifetimeMs: Number.isNaN(lifetimeMs) ? 0 : lifetimeMs };
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function tokenFailure(why: string): Failure {
  return new Failure('auth_error', `no token from token_url: ${why}`);
}
