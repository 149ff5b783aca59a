import { readOrFault } from '../../runtime/file-content.ts';
import type { Path, Problem } from '../fault.ts';
import { certificatesFault, keyFault, keyFits } from '../pem.ts';
import type { Settings } from '../schema/schema.ts';

type Kind = { readonly allowed: string; readonly fault: (content: Buffer) => string | undefined };

const KINDS = {
  body: { allowed: 'a file with the body', fault: () => undefined },
  ca: { allowed: 'a PEM file of CA certificates', fault: certificatesFault },
  certificate: { allowed: 'a PEM file of a certificate and its issuers', fault: certificatesFault },
  key: { allowed: 'a PEM file of a private key, without passphrase', fault: keyFault },
} as const satisfies Record<string, Kind>;

/** Looks once at each file that settings name, however many targets name it. */
export class FileCheck {
  readonly #contents = new Map<string, ReturnType<typeof readOrFault>>();
  readonly #verdicts = new Map<string, Promise<string | undefined>>();

  /** What is wrong with the files of one layer, which stands at `at`; their paths are absolute. */
  async problems({ body_file, tls_config, oauth2 }: Settings, at: Path): Promise<readonly Problem[]> {
    const found = await Promise.all([
      this.#problem(body_file, [...at, 'body_file'], 'body'),
      ...this.#tlsProblems(tls_config, [...at, 'tls_config']),
      ...this.#tlsProblems(oauth2?.tls_config, [...at, 'oauth2', 'tls_config']),
    ]);
    return found.filter((problem) => problem !== undefined);
  }

  #tlsProblems(tls: Settings['tls_config'], at: Path): readonly Promise<Problem | undefined>[] {
    const { ca_file, cert_file, key_file } = tls ?? {};
    return [
      this.#problem(ca_file, [...at, 'ca_file'], 'ca'),
      this.#problem(cert_file, [...at, 'cert_file'], 'certificate'),
      this.#problem(key_file, [...at, 'key_file'], 'key', cert_file),
    ];
  }

  async #problem(
    file: string | undefined,
    path: Path,
    kind: keyof typeof KINDS,
    certificate?: string,
  ): Promise<Problem | undefined> {
    if (file === undefined) return undefined;
    const wrong = await this.#once(`${kind} ${file} ${certificate}`, () =>
      this.#fault(file, kind, certificate),
    );
    return wrong === undefined ? undefined : { path, value: file, wrong };
  }

  async #fault(file: string, kind: keyof typeof KINDS, certificate?: string): Promise<string | undefined> {
    const { allowed, fault }: Kind = KINDS[kind];
    const read = await this.#read(file);
    const wrong = 'fault' in read ? read.fault : fault(read.content);
    if (wrong !== undefined) return `${wrong} (${allowed})`;
    if (certificate === undefined) return undefined;
    const other = await this.#read(certificate);
    const fits = 'fault' in read || 'fault' in other || keyFits(other.content, read.content);
    return fits ? undefined : 'does not fit cert_file (the private key of its first certificate)';
  }

  #once(name: string, judge: () => Promise<string | undefined>): Promise<string | undefined> {
    const verdict = this.#verdicts.get(name) ?? judge();
    this.#verdicts.set(name, verdict);
    return verdict;
  }

  #read(file: string): ReturnType<typeof readOrFault> {
    const content = this.#contents.get(file) ?? readOrFault(file);
    this.#contents.set(file, content);
    return content;
  }
}
