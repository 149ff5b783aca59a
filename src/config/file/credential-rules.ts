import type { Path, Problem } from '../fault.ts';
import type { Settings } from '../schema/schema.ts';

/** What is wrong with how the parts of a layer's credentials go together; the layer stands at `at`. */
export function credentialProblems(settings: Settings, at: Path): readonly Problem[] {
  const { basic_auth, authorization, oauth2 } = settings;
  return [
    ...(basic_auth ? oneOf(basic_auth, ['username', 'username_file'], [...at, 'basic_auth']) : []),
    ...(basic_auth ? oneOf(basic_auth, ['password', 'password_file'], [...at, 'basic_auth']) : []),
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
  keys: readonly [Key, Key],
  at: Path,
): readonly Problem[] {
  const [first, second] = keys;
  const given = keys.filter((key) => section[key] !== undefined);
  if (given.length === 1) return [];
  if (given.length === 0) return [{ path: at, wrong: `has neither ${first} nor ${second} (one of the two)` }];
  return [{ path: [...at, second], wrong: `stands beside ${first} (one of the two)` }];
}

// Two would be sent, or one of them silently not.
function fieldProblems(
  { headers = {}, basic_auth, authorization, oauth2 }: Settings,
  at: Path,
): readonly Problem[] {
  const field = Object.keys(headers).find((name) => name.toLowerCase() === 'authorization');
  const credentials = basic_auth ?? authorization ?? oauth2;
  if (field === undefined || credentials === undefined) return [];
  return [{ path: [...at, 'headers', field], wrong: 'stands beside other credentials (one of the two)' }];
}
