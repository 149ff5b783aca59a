import { type Path, pathText } from './fault.ts';

/** What stands in place of a secret wherever settings are shown. */
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

/** The settings that are labels of the metrics: public wherever they come from. */
const PUBLIC_SETTINGS: ReadonlySet<unknown> = new Set(['url', 'labels']);

/** The paths whose value must not be shown: of secret settings, and those that `${NAME}` filled (`filled`, as texts). */
export function isSecret(path: Path, filled: ReadonlySet<string>): boolean {
  const [setting, part] = path.slice(path[0] === 'targets' ? 2 : 0);
  if (PUBLIC_SETTINGS.has(setting)) return false;
  const isSecretSetting = SECRET_SETTINGS.has(`${setting}`) || SECRET_SETTINGS.has(`${setting}.${part}`);
  return isSecretSetting || filled.has(pathText(path));
}
