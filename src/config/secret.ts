import { type Path, pathText } from './fault.ts';

/** What stands in place of a secret wherever settings are shown. */
export const HIDDEN = '<secret>';

/** The settings whose values are secrets wherever they come from. */
const SECRET_SETTINGS: ReadonlySet<string> = new Set(['headers', 'body']);

/** The settings that are labels of the metrics: public wherever they come from. */
const PUBLIC_SETTINGS: ReadonlySet<unknown> = new Set(['url', 'labels']);

/** The paths whose value must not be shown: of secret settings, and those that `${NAME}` filled (`filled`, as texts). */
export function isSecret(path: Path, filled: ReadonlySet<string>): boolean {
  const setting = settingOf(path);
  if (PUBLIC_SETTINGS.has(setting)) return false;
  return SECRET_SETTINGS.has(setting) || filled.has(pathText(path));
}

/** The name of the setting that a path leads to or into, on a target or at the top level. */
function settingOf(path: Path): string {
  return String(path[path[0] === 'targets' ? 2 : 0]);
}
