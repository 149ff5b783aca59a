import { readOrFault } from '../runtime/file-content.ts';
import { usesTls } from '../target/scheme.ts';
import type { Target } from '../target/target.ts';
import { makeAuthorization } from './credentials/authorization.ts';
import { isBodyExpected, statusFailure } from './expect/expectation.ts';
import { Failure } from './failure.ts';
import { firstHop } from './http/hop.ts';
import { requestUrl } from './http/redirects.ts';
import type { ProbeResources } from './resources.ts';
import type { CheckResponse, Run, StartProbe } from './run.ts';

/** Prepares the probe of an http or https URL: hop by hop, each over a connection of its own. */
export async function prepareHttpProbe(
  target: Target,
  resources: ProbeResources,
): Promise<StartProbe | Failure> {
  // This reads the certificate files before the clock starts; if one is unusable, the handshake reports it.
  if (usesTls(target.url)) resources.tlsContexts.get(target.tls).own();
  const body = await readRequestBody(target);
  if (body instanceof Failure) return body;
  await resources.matching.prepare(target);
  const authorization = await makeAuthorization(target, resources);
  if (authorization instanceof Failure) return authorization;
  return (run) => request(target, { body, authorization }, run);
}

async function readRequestBody({ body, bodyFile }: Target): Promise<string | Buffer | undefined | Failure> {
  if (bodyFile === undefined) return body;
  const read = await readOrFault(bodyFile);
  return 'content' in read ? read.content : new Failure('internal_error', `body_file ${read.fault}`);
}

type Prepared = {
  readonly body: string | Buffer | undefined;
  readonly authorization: string | undefined;
};

async function request(
  target: Target,
  { body, authorization }: Prepared,
  run: Run,
): Promise<CheckResponse | Failure> {
  const { expect, credentials } = target;
  const { resources, findings, deadline } = run;
  const httpRun = { ...run, settings: target, authorization, keepsBody: isBodyExpected(expect) };
  const response = await requestUrl(firstHop(httpRun, body), httpRun);
  if (findings.statusCode === 401 && credentials?.kind === 'oauth2') {
    resources.tokens.get(credentials).forget();
  }
  if (response instanceof Failure) return response;
  return async () =>
    statusFailure(response.status, expect.status) ?? resources.matching.match(response, target, deadline);
}
