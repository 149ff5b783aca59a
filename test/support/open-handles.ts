import { readdirSync } from 'node:fs';
import { PATIENCE_MS, until } from './until.ts';

/** What this process holds open; all threads share the descriptors, the rest is this thread's. */
export type OpenHandles = {
  /** File descriptors (Linux). */
  readonly descriptors: number;
  /** How many of each kind of resource keep the event loop alive, such as `Timeout` or `TCPSocketWrap`. */
  readonly resources: Readonly<Record<string, number>>;
};

/** Counts what is open now. */
export function openHandles(): OpenHandles {
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  // Reading the folder takes a descriptor itself.
  return { descriptors: readdirSync('/proc/self/fd').length - 1, resources };
}

/** What is open now and was not before: lines that name the kind and both counts; none is as it should be. */
export function leaked(before: OpenHandles): readonly string[] {
  const now = openHandles();
  const kinds = Object.keys(now.resources);
  return [
    line('descriptors', before.descriptors, now.descriptors),
    ...kinds.map((kind) => line(kind, before.resources[kind] ?? 0, now.resources[kind] ?? 0)),
  ].filter((grown) => grown !== undefined);
}

/** Waits until nothing more is open than before; fails with what stayed open. */
export async function nothingLeaked(before: OpenHandles, patienceMs: number = PATIENCE_MS): Promise<void> {
  try {
    await until(() => leaked(before).length === 0, 'nothing more is open', patienceMs);
  } catch (cause) {
    throw new Error(`left open: ${leaked(before).join(', ')}`, { cause });
  }
}

function line(kind: string, before: number, now: number): string | undefined {
  return now > before ? `${kind} ${before} -> ${now}` : undefined;
}
