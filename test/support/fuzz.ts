/** How many runs a property has: FUZZ_RUNS multiplies them. */
export function runs(usual: number): { readonly numRuns: number; readonly endOnFailure: true } {
  return { numRuns: Math.ceil(usual * Number(process.env.FUZZ_RUNS ?? 1)), endOnFailure: true };
}
