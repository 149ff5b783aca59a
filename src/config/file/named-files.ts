import { type FileContent, readOrFault } from '../../runtime/file-content.ts';
import type { Path, Problem } from '../fault.ts';
import { keyPairFault, type PemKind, pemFault } from '../pem.ts';
import type { Settings } from '../schema/schema.ts';

type NamedFile = {
  readonly kind: PemKind | 'body';
  readonly file: string;
  readonly path: Path;
  /** The file of the certificate that a key must match. */
  readonly certificate?: string | undefined;
};

/** What is wrong with the files that layers of settings name; each is read once, however many layers name it. */
export async function namedFileProblems(
  layers: readonly { readonly value: Settings; readonly at: Path }[],
): Promise<readonly Problem[]> {
  const contents = new Map<string, Promise<FileContent>>();
  const faults = new Map<string, Promise<string | undefined>>();
  const read = (file: string) => getOrMake(contents, file, () => readOrFault(file));
  const problems = layers.flatMap(namedFiles).map(async (named): Promise<readonly Problem[]> => {
    const { kind, file, path, certificate } = named;
    const wrong = await getOrMake(faults, `${kind} ${file} ${certificate}`, () => faultOf(named, read));
    return wrong === undefined ? [] : [{ path, value: file, wrong }];
  });
  return (await Promise.all(problems)).flat();
}

function namedFiles({ value, at }: { value: Settings; at: Path }): readonly NamedFile[] {
  const { body_file: file, tls_config, oauth2 } = value;
  return [
    ...(file === undefined ? [] : [{ kind: 'body' as const, file, path: [...at, 'body_file'] }]),
    ...tlsFiles(tls_config, [...at, 'tls_config']),
    ...tlsFiles(oauth2?.tls_config, [...at, 'oauth2', 'tls_config']),
  ];
}

function tlsFiles(tls: Settings['tls_config'], at: Path): readonly NamedFile[] {
  const { ca_file, cert_file, key_file } = tls ?? {};
  const found: NamedFile[] = [];
  if (ca_file !== undefined) found.push({ kind: 'ca', file: ca_file, path: [...at, 'ca_file'] });
  if (cert_file !== undefined) {
    found.push({ kind: 'certificate', file: cert_file, path: [...at, 'cert_file'] });
  }
  if (key_file !== undefined) {
    found.push({ kind: 'key', file: key_file, path: [...at, 'key_file'], certificate: cert_file });
  }
  return found;
}

async function faultOf(
  { kind, file, certificate }: NamedFile,
  read: (file: string) => Promise<FileContent>,
): Promise<string | undefined> {
  const content = await read(file);
  if (kind === 'body') return 'fault' in content ? `${content.fault} (a file with the body)` : undefined;
  const wrong = pemFault(kind, content);
  return wrong ?? (certificate && keyPairFault(await read(certificate), content));
}

function getOrMake<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
