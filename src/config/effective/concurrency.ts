import { openFileLimit } from '../../runtime/process.ts';

const UNKNOWN = 2000;
const SHARE = 0.8;

/** How many probes may run at once by default: 80 % of the open files that `limits` (of /proc) allows, else 2000. */
export function defaultConcurrency(limits?: string): number {
  const soft = openFileLimit(limits);
  return soft === undefined ? UNKNOWN : Math.max(1, Math.floor(soft * SHARE));
}
