const ATTEMPTS = 3;

/**
 * Tries what a machine that is busy with something else makes late, and fails as the last attempt did: what is too
 * slow in itself fails every time.
 */
export async function attempts(attempt: () => Promise<void>): Promise<void> {
  for (let number = 1; number < ATTEMPTS; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      process.emitWarning(`attempt ${number} of ${ATTEMPTS}: ${error}`);
    }
  }
  await attempt();
}
