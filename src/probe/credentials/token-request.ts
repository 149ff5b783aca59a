import type { OAuth2, RequestSettings, Target } from '../../target/target.ts';
import { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import { firstHop } from '../http/hop.ts';
import { type Final, walk } from '../http/walk.ts';
import { Timeline } from '../timeline.ts';
import { reveal } from './secret.ts';

const MAX_ANSWER_BYTES = 64 * 1024;

/** The answer of a token server, with a deadline of its own as long as the target's. */
export async function tokenAnswer(
  credentials: OAuth2,
  target: Target,
): Promise<Record<string, unknown> | Failure> {
  const secret = await reveal(credentials.clientSecret);
  if (secret instanceof Failure) return secret;
  // Most servers take the client's name in the header, as all should; some only in the form (RFC 6749, 2.3.1).
  const inHeader = await posted(
    credentials,
    { Authorization: basic(credentials.clientId, secret) },
    {},
    target,
  );
  if (inHeader instanceof Failure || ![400, 401].includes(inHeader.status)) return parsed(inHeader);
  const named = { client_id: credentials.clientId, client_secret: secret };
  return parsed(await posted(credentials, {}, named, target));
}

function basic(id: string, secret: string): string {
  const pair = [id, secret].map((part) => encodeURIComponent(part)).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

async function posted(
  { tokenUrl, scopes, endpointParams, tls }: OAuth2,
  fields: Readonly<Record<string, string>>,
  named: Readonly<Record<string, string>>,
  target: Target,
): Promise<Final | Failure> {
  const scope = scopes.length > 0 ? { scope: scopes.join(' ') } : {};
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...scope,
    ...endpointParams,
    ...named,
  });
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    Accept: 'application/json',
    ...fields,
  };
  const { ipVersion, dnsServers, proxy, addresses } = target;
  const settings: RequestSettings = {
    url: tokenUrl,
    method: 'POST',
    headers,
    followRedirects: false,
    maxRedirects: 0,
    maxBodyBytes: MAX_ANSWER_BYTES,
    tls,
    ipVersion,
    dnsServers,
    ...(proxy && { proxy }),
    addresses,
  };
  const deadline = new Deadline(target.timeoutMs);
  const run = { settings, deadline, timeline: new Timeline(), findings: {}, keepsBody: true };
  const outcome = await walk(firstHop(settings, form.toString()), run);
  deadline.stop();
  // The token server's troubles are told apart from the target's; ours stay ours.
  if (!(outcome instanceof Failure) || outcome.result === 'internal_error') return outcome;
  // A variable may have named it, which is not to be seen.
  return failed(outcome.reason.replaceAll(new URL(tokenUrl).hostname, 'its host'));
}

function parsed(answer: Final | Failure): Record<string, unknown> | Failure {
  if (answer instanceof Failure) return answer;
  if (answer.status !== 200) return failed(`it answered ${answer.status}`);
  try {
    const value: unknown = JSON.parse(answer.content?.toString('utf8') ?? '');
    return typeof value === 'object' && value !== null
      ? { ...value }
      : failed('its answer is not a JSON object');
  } catch {
    return failed('its answer is not JSON');
  }
}

function failed(why: string): Failure {
  return new Failure('auth_error', `no token could be had from token_url: ${why}`);
}
