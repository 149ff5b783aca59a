import { HIDDEN } from '../../config/file/secret.ts';

const MAX_LENGTH = 300;
// Shorter parts, such as a "1", would be found everywhere.
const SECRET_LENGTH = 4;

/** Why a push failed, in one line and without the values of `headers`, which a Collector may send back. */
export function reasonOf(error: unknown, headers: Readonly<Record<string, string>>): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  const said = [message.includes(code) ? '' : code, message].filter((part) => part !== '').join(' ');
  const secrets = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]);
  return secrets
    .filter((secret) => secret.length >= SECRET_LENGTH)
    .reduce((text, secret) => text.replaceAll(secret, HIDDEN), said || 'no reason was given')
    .replace(/\s+/g, ' ')
    .slice(0, MAX_LENGTH);
}

// The status of HTTP, the code of gRPC, or that of the operating system.
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
