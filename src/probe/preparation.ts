import { readOrFault } from '../runtime/file-content.ts';
import { usesTls } from '../target/scheme.ts';
import type { Target } from '../target/target.ts';
import { tlsContext } from './connect/tls-context.ts';
import { authorization } from './credentials/authorization.ts';
import { judgeReady } from './expect/expectation.ts';
import { Failure } from './failure.ts';

/** What a probe needs from elsewhere before its clock starts: our disk and a token server are not the target's doing. */
export type Prepared = { readonly body?: string | Buffer; readonly authorization?: string };

/** Gets a target's body, credentials and certificates ready. */
export async function prepare(target: Target): Promise<Prepared | Failure> {
  // Its files are read here; the handshake tells if they cannot be used.
  if (usesTls(target.url)) tlsContext(target.tls, 'own');
  const body = await requestBody(target);
  if (body instanceof Failure) return body;
  await judgeReady(target);
  const field = await authorization(target);
  if (field instanceof Failure) return field;
  return { ...(body !== undefined && { body }), ...(field !== undefined && { authorization: field }) };
}

async function requestBody({ body, bodyFile }: Target): Promise<string | Buffer | undefined | Failure> {
  if (bodyFile === undefined) return body;
  const read = await readOrFault(bodyFile);
  return 'content' in read ? read.content : new Failure('internal_error', `body_file ${read.fault}`);
}
