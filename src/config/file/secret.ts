import { type Path, pathText } from '../fault.ts';

/** What is shown in place of a secret. */
export const HIDDEN = '<secret>';

/** The settings whose values are secrets wherever they come from. */
const SECRET_SETTINGS: ReadonlySet<string> = new Set([
  'headers',
  'body',
  'basic_auth.password',
  'authorization.credentials',
  'oauth2.client_secret',
  'oauth2.endpoint_params',
]);

/** The settings under which a secret stands when they are written in a wrong form: `authorization: Bearer abc`. */
const SECRET_IF_WRONG: ReadonlySet<string> = new Set([
  'basic_auth',
  'authorization',
  'authorization.type',
  'oauth2',
]);

/** The settings that are labels of the metrics: public wherever they come from. */
const PUBLIC_SETTINGS: ReadonlySet<unknown> = new Set(['url', 'labels']);

/** The paths whose value must not be shown: of secret settings, and those that `${NAME}` filled (`filled`, as texts). */
export function isSecret(path: Path, filled: ReadonlySet<string>): boolean {
  const [setting, part] = settingPathOf(path);
  if (PUBLIC_SETTINGS.has(setting)) return false;
  const isSecretSetting = SECRET_SETTINGS.has(`${setting}`) || SECRET_SETTINGS.has(`${setting}.${part}`);
  return isSecretSetting || isFilled(path, filled);
}

/** The paths whose value must not be shown where it is wrong. */
export function isSecretIfWrong(path: Path, filled: ReadonlySet<string>): boolean {
  return isSecret(path, filled) || SECRET_IF_WRONG.has(settingPathOf(path).join('.'));
}

function settingPathOf(path: Path): Path {
  return path.slice(path[0] === 'targets' ? 2 : 0);
}

// A text may have become a list since.
function isFilled(path: Path, filled: ReadonlySet<string>): boolean {
  return filled.size > 0 && path.some((_, index) => filled.has(pathText(path.slice(0, index + 1))));
}
