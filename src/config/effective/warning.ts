import { formatDuration } from '../../target/duration.ts';
import type { Target } from '../../target/target.ts';
import type { TargetSettings } from '../schema/schema.ts';
import type { EffectiveGlobal } from './inheritance.ts';

/** Warnings for the log about settings that are allowed; `own` are the settings that each target gives itself. */
export function warningsOf(
  targets: readonly Target[],
  own: readonly TargetSettings[],
  { timeout, timeoutIsChosen }: EffectiveGlobal,
): readonly string[] {
  const unverified = targets.filter(({ tls }) => tls.insecureSkipVerify);
  const cut = targets.filter(
    ({ intervalMs }, index) => timeoutIsChosen && own[index]?.timeout === undefined && timeout > intervalMs,
  );
  return [
    warnOf(unverified, 'certificates are not verified (insecure_skip_verify)'),
    warnOf(cut, `the timeout of ${formatDuration(timeout)} is cut to 90 % of the interval`),
  ].flat();
}

function warnOf(targets: readonly Target[], what: string): readonly string[] {
  const [first] = targets;
  return first === undefined ? [] : [`${what} for ${targets.length} targets, such as ${first.url}`];
}
