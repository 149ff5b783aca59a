import * as z from 'zod';
import { Inspector } from '../support/inspector.ts';

/** What a thread holds after a collection of its garbage. */
export type ThreadUsage = z.infer<typeof found> & {
  /** `main`, or the file that the thread began with. */
  readonly name: string;
};

const found = z.object({
  heapUsedBytes: z.number(),
  externalBytes: z.number(),
  /** What keeps its event loop alive, such as timers and sockets. */
  resources: z.number(),
});

const USAGE = `(() => {
  const { used_heap_size: heapUsedBytes, external_memory: externalBytes } =
    process.getBuiltinModule('v8').getHeapStatistics();
  return { heapUsedBytes, externalBytes, resources: process.getActiveResourcesInfo().length };
})()`;

/** What every thread of a process holds once its garbage is collected, through the inspector that it listens with. */
export async function readThreadUsage(inspectorUrl: string): Promise<readonly ThreadUsage[]> {
  using inspector = await Inspector.connect(inspectorUrl);
  const { threads } = inspector;
  // Twice: what has a finalizer goes in the second round.
  for (const thread of [...threads, ...threads]) await inspector.collectGarbage(thread);
  const all: ThreadUsage[] = [];
  for (const thread of threads) {
    all.push({ name: thread.name, ...found.parse(await inspector.evaluate(USAGE, thread)) });
  }
  return all;
}
