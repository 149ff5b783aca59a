import { globSync } from 'node:fs';
import { missingPrograms } from './on-path.ts';

/** The options of a test: what is missing on this machine is the reason why it is skipped. */
export type Needs = { readonly skip: string | false };

/**
 * What tests that meddle with the machine need: programs on the PATH, and to be root.
 * With REQUIRE_COUNTERPARTS=1 they run all the same, and fail for want of it.
 */
export function needsRoot(...programs: readonly string[]): Needs {
  const missing = missingPrograms(programs).map((name) => `no ${name} on the PATH`);
  return skipFor(process.getuid?.() === 0 ? missing : ['not root', ...missing]);
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
