import { formatDuration } from '../../target/duration.ts';
import type { Path, Problem } from '../fault.ts';
import { EXCLUSIVE, type Settings } from '../schema/schema.ts';
import { versionProblems } from '../schema/tls.ts';

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
    // One that is `false` does not conflict.
    const [first, ...others] = keys.filter((key) => settings[key] !== undefined && settings[key] !== false);
    return others.map((key) => ({ path: [...at, key], wrong: notTogether(first) }));
  });
}

function notTogether(other: string | undefined): string {
  return `cannot be set together with ${other} (one of the two)`;
}

function credentialProblems(settings: Settings, at: Path): readonly Problem[] {
  const { basic_auth, authorization, oauth2 } = settings;
  const basic = [...at, 'basic_auth'];
  return [
    ...(basic_auth ? oneOf(basic_auth, ['username', 'username_file'], basic) : []),
    ...(basic_auth ? oneOf(basic_auth, ['password', 'password_file'], basic) : []),
    ...(authorization
      ? oneOf(authorization, ['credentials', 'credentials_file'], [...at, 'authorization'])
      : []),
    ...(oauth2 ? oauth2Problems(oauth2, [...at, 'oauth2']) : []),
    ...fieldProblems(settings, at),
  ];
}

function oauth2Problems(oauth2: NonNullable<Settings['oauth2']>, at: Path): readonly Problem[] {
  const missing = (['client_id', 'token_url'] as const).filter((key) => oauth2[key] === undefined);
  return [
    ...missing.map((key) => ({ path: [...at, key], wrong: 'is missing (required)' })),
    ...oneOf(oauth2, ['client_secret', 'client_secret_file'], at),
  ];
}

function oneOf<Key extends string>(
  section: { readonly [Name in Key]?: unknown },
  [first, second]: readonly [Key, Key],
  at: Path,
): readonly Problem[] {
  const isGiven = (key: Key) => section[key] !== undefined;
  if (isGiven(first) !== isGiven(second)) return [];
  if (isGiven(first)) return [{ path: [...at, second], wrong: notTogether(first) }];
  return [{ path: at, wrong: `has neither ${first} nor ${second} (one of the two is required)` }];
}

// Both would be sent, or one of them would be dropped without a word.
function fieldProblems(
  { headers = {}, basic_auth, authorization, oauth2 }: Settings,
  at: Path,
): readonly Problem[] {
  const field = Object.keys(headers).find((name) => name.toLowerCase() === 'authorization');
  const credentials = basic_auth ?? authorization ?? oauth2;
  if (field === undefined || credentials === undefined) return [];
  return [{ path: [...at, 'headers', field], wrong: notTogether('other credentials') }];
}

function tlsProblems(tls: Settings['tls_config'], at: Path): readonly Problem[] {
  if (tls === undefined) return [];
  const { cert_file, key_file, min_version, max_version } = tls;
  const problems: Problem[] = [];
  if (cert_file !== undefined && key_file === undefined) {
    problems.push({ path: [...at, 'cert_file'], wrong: 'needs key_file (both, or neither)' });
  }
  if (key_file !== undefined && cert_file === undefined) {
    problems.push({ path: [...at, 'key_file'], wrong: 'needs cert_file (both, or neither)' });
  }
  return [...problems, ...versionProblems(min_version, max_version, at)];
}

/** What is wrong with a target's own timeout against the interval that applies to it. */
export function timeoutProblems(own: Settings, intervalMs: number, at: Path): readonly Problem[] {
  if (own.timeout === undefined || own.timeout <= intervalMs) return [];
  const wrong = `is longer than the interval (at most ${formatDuration(intervalMs)})`;
  return [{ path: [...at, 'timeout'], value: formatDuration(own.timeout), wrong }];
}
