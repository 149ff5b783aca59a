import { missingPrograms } from '../../support/on-path.ts';

/**
 * The options of tests that need programs: they are skipped where one is not on the PATH.
 * With REQUIRE_COUNTERPARTS=1 they run all the same, and fail for lack of it.
 */
export function need(...programs: readonly string[]): { readonly skip: string | false } {
  const missing = missingPrograms(programs);
  if (missing.length === 0 || process.env.REQUIRE_COUNTERPARTS === '1') return { skip: false };
  return { skip: `not on the PATH: ${missing.join(', ')} (test/e2e/tools.sh builds them)` };
}
