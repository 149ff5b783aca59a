import { existsSync, globSync, readFileSync } from 'node:fs';
import { missingPrograms } from './on-path.ts';

/** The options of a test: what is missing on this machine is the reason why it is skipped. */
export type Needs = { readonly skip: string | false };

// Linux' numbers of CAP_NET_ADMIN and CAP_SYS_ADMIN, which root has, though not in every container.
const CAPABILITIES = [12n, 21n];

/**
 * What tests that meddle with the machine need: programs on the PATH, and to be allowed to.
 * With REQUIRE_COUNTERPARTS=1 they run all the same, and fail for lack of it.
 */
export function needsRoot(...programs: readonly string[]): Needs {
  const missing = missingPrograms(programs).map((name) => `no ${name} on the PATH`);
  return skipFor(isAdmin() ? missing : ['not root, or not allowed what root is', ...missing]);
}

function isAdmin(): boolean {
  if (!existsSync('/proc/self/status')) return false;
  const [, effective = '0'] = /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return CAPABILITIES.every((number) => (BigInt(`0x${effective}`) >> number) % 2n === 1n);
}

const FAKETIME = '/usr/lib/*/faketime/libfaketimeMT.so.1';

/** Needs libfaketime, where Debian puts it. */
export function needsFaketime(): Needs {
  return skipFor(globSync(FAKETIME).length > 0 ? [] : [`no ${FAKETIME} (Debian's package is faketime)`]);
}

/** The environment in which a program takes the wall clock from a file (`+0`, `-1d`), and the monotonic one as it is. */
export function wallClockOf(file: string): Readonly<Record<string, string>> {
  const [library = ''] = globSync(FAKETIME);
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

/** The command by which a program gets no more than so many descriptors. */
export function withDescriptors(most: number): readonly string[] {
  return ['sh', '-c', `ulimit -n ${most}; exec "$@"`, 'sh'];
}

function skipFor(missing: readonly string[]): Needs {
  if (missing.length === 0 || process.env.REQUIRE_COUNTERPARTS === '1') return { skip: false };
  return { skip: missing.join(', ') };
}
