/** What can become of a probing thread. */
export type Fate = 'throws' | 'exits' | 'hangs' | 'stands still for 11 s';

/** The entry of a probing thread that is at the mercy of the test. */
export const MORTAL_THREAD = new URL('./mortal-thread.ts', import.meta.url);

/** Lets something happen to all mortal threads of this process. */
export function strike(fate: Fate): void {
  const channel = new BroadcastChannel('fate of the probing thread');
  channel.postMessage(fate);
  channel.close();
}
