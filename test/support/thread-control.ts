/** How a test breaks a probing thread. */
export type Breakage = 'throws' | 'exits' | 'hangs' | 'stands still for 11 s';

/** The entry of a probing thread that a test can break. */
export const BREAKABLE_WORKER = new URL('./breakable-worker.ts', import.meta.url);

/** Breaks all breakable probing threads of this process. */
export function breakThread(how: Breakage): void {
  const channel = new BroadcastChannel('how the probing thread breaks');
  channel.postMessage(how);
  channel.close();
}
