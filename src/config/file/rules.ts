import { formatDuration } from '../../target/duration.ts';
import type { Path, Problem } from '../fault.ts';
import type { Settings } from '../schema/schema.ts';
import { TLS_ORDER } from '../schema/tls.ts';
import { credentialProblems } from './credential-rules.ts';

/** Settings of which a layer may give one; given on a target, it also replaces the others of the top level. */
export const EXCLUSIVE: readonly (readonly (keyof Settings)[])[] = [
  ['body', 'body_file'],
  ['basic_auth', 'authorization', 'oauth2'],
  ['proxy_url', 'proxy_from_environment'],
];

/** What is wrong with how the settings of one layer go together; the layer stands at `at`. */
export function layerProblems(settings: Settings, at: Path): readonly Problem[] {
  return [
    ...exclusiveProblems(settings, at),
    ...credentialProblems(settings, at),
    ...tlsProblems(settings.tls_config, [...at, 'tls_config']),
    ...tlsProblems(settings.oauth2?.tls_config, [...at, 'oauth2', 'tls_config']),
  ];
}

function exclusiveProblems(settings: Settings, at: Path): readonly Problem[] {
  return EXCLUSIVE.flatMap((keys) => {
    // One that is off stands in nobody's way.
    const [first, ...others] = keys.filter((key) => settings[key] !== undefined && settings[key] !== false);
    return others.map((key) => ({ path: [...at, key], wrong: `stands beside ${first} (one of the two)` }));
  });
}

function tlsProblems(tls: Settings['tls_config'], at: Path): readonly Problem[] {
  if (tls === undefined) return [];
  const { cert_file, key_file, min_version, max_version } = tls;
  const problems: Problem[] = [];
  if (cert_file !== undefined && key_file === undefined) {
    problems.push({ path: [...at, 'cert_file'], wrong: 'stands without key_file (both, or neither)' });
  }
  if (key_file !== undefined && cert_file === undefined) {
    problems.push({ path: [...at, 'key_file'], wrong: 'stands without cert_file (both, or neither)' });
  }
  if (min_version && max_version && TLS_ORDER.indexOf(min_version) > TLS_ORDER.indexOf(max_version)) {
    problems.push({ path: [...at, 'min_version'], wrong: 'is above max_version (at most that)' });
  }
  return problems;
}

/** What is wrong with a target's own timeout against the interval that applies to it. */
export function timeoutProblems(own: Settings, intervalMs: number, at: Path): readonly Problem[] {
  if (own.timeout === undefined || own.timeout <= intervalMs) return [];
  const wrong = `is above the interval (at most ${formatDuration(intervalMs)})`;
  return [{ path: [...at, 'timeout'], value: formatDuration(own.timeout), wrong }];
}
