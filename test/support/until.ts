import { type EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a test waits for an event: so long that only what never comes is missed. */
export const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 2;

/** Waits until a condition holds; `what` completes the sentence "waited in vain until …". */
export async function until(
  condition: () => boolean,
  what: string,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${patienceMs} ms in vain until ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}

/** How long and how often `untilAnswer` asks. */
type Patience = { readonly patienceMs?: number; readonly everyMs?: number };

/** Asks again and again until an answer holds, and gives that one; `what` completes "asked in vain until …". */
export async function untilAnswer<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  what: string,
  { patienceMs = PATIENCE_MS, everyMs = 20 }: Patience = {},
): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > giveUpAt)
      throw new Error(`asked for ${patienceMs} ms in vain until ${what}`, { cause: answer });
    await pause(everyMs);
  }
}

/** Waits for an event and gives its arguments; fails with a clear message if it does not come. */
export async function event(
  emitter: EventEmitter,
  name: string,
  patienceMs: number = PATIENCE_MS,
): Promise<readonly unknown[]> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  try {
    return await once(emitter, name, { signal: patience.signal });
  } catch (cause) {
    if (!patience.signal.aborted) throw cause;
    throw new Error(`waited ${patienceMs} ms in vain for the event '${name}'`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
