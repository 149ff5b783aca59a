import { getSystemErrorMessage } from 'node:util';

/** Why a file cannot be read, in words; without its path, which may hold what a variable made of it. */
export function unreadable(error: unknown): string {
  return `cannot be read: ${fileFault(error)}`;
}

/** What went wrong with a file, in words and without its path. */
export function fileFault(error: unknown): string {
  const { errno } = Object(error);
  if (typeof errno === 'number') return getSystemErrorMessage(errno);
  return error instanceof Error ? error.message : String(error);
}
