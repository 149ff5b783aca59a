// Descriptors, memory or local ports ran out.
const CODES = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL', 'EAGAIN']);

/** Whether an error is a shortage of this process or machine, which says nothing about any target. */
export function isResourceShortage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CODES.has(String(error.code));
}
