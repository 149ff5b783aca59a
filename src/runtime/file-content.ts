import { createReadStream } from 'node:fs';
import { getSystemErrorMessage } from 'node:util';
import { isResourceShortage } from './shortage.ts';

const MAX_MEBIBYTES = 16;
const MAX_BYTES = MAX_MEBIBYTES * 1024 * 1024;

/** Why a file cannot be read, in words; without its path, which may contain the value of a variable. */
type Unreadable = {
  readonly fault: string;
  /** Whether this process or machine ran out of something, which says nothing about the file. */
  readonly isShortage: boolean;
};

/** A file's content, or why it cannot be read. */
export type FileContent = { readonly content: Buffer } | Unreadable;

/** Reads a file of at most 16 MiB. */
export async function readOrFault(file: string): Promise<FileContent> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of createReadStream(file, { end: MAX_BYTES })) chunks.push(chunk);
    const content = Buffer.concat(chunks);
    if (content.length <= MAX_BYTES) return { content };
    return { fault: `is larger than ${MAX_MEBIBYTES} MiB`, isShortage: false };
  } catch (error) {
    return { fault: `cannot be read: ${fileFault(error)}`, isShortage: isResourceShortage(error) };
  }
}

/** What went wrong with a file, in words and without its path. */
export function fileFault(error: unknown): string {
  const { errno } = Object(error);
  if (typeof errno === 'number') return getSystemErrorMessage(errno);
  return error instanceof Error ? error.message : String(error);
}
