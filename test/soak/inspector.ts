import { basename } from 'node:path';
import * as z from 'zod';

/** What a thread holds after a collection of its garbage. */
export type ThreadHoldings = {
  /** `main`, or the file that the thread began with. */
  readonly name: string;
  readonly heapUsedBytes: number;
  readonly externalBytes: number;
  /** What keeps its event loop alive, such as timers and sockets. */
  readonly resources: number;
};

const message = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
const attached = z.object({ sessionId: z.string(), workerInfo: z.object({ url: z.string() }) });
const fromWorker = z.object({ sessionId: z.string(), message: z.string() });
const evaluated = z.object({
  result: z.object({
    value: z.object({ heapUsedBytes: z.number(), externalBytes: z.number(), resources: z.number() }),
  }),
});

const HOLDINGS = `(() => {
  const { used_heap_size: heapUsedBytes, external_memory: externalBytes } =
    process.getBuiltinModule('v8').getHeapStatistics();
  return { heapUsedBytes, externalBytes, resources: process.getActiveResourcesInfo().length };
})()`;

/** What every thread of a process holds once its garbage is collected, through the inspector that it listens with. */
export async function holdings(inspectorUrl: string): Promise<readonly ThreadHoldings[]> {
  using inspector = await Inspector.connect(inspectorUrl);
  await inspector.send('NodeWorker.enable', { waitForDebuggerOnStart: false });
  const threads = [{ name: 'main', sessionId: undefined }, ...inspector.workers];
  for (const { sessionId } of [...threads, ...threads]) {
    await inspector.send('HeapProfiler.collectGarbage', {}, sessionId);
  }
  const all: ThreadHoldings[] = [];
  for (const { name, sessionId } of threads) {
    const { result } = evaluated.parse(
      await inspector.send('Runtime.evaluate', { expression: HOLDINGS, returnByValue: true }, sessionId),
    );
    all.push({ name, ...result.value });
  }
  return all;
}

type Worker = { readonly name: string; readonly sessionId: string };
type Settle = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };

/** A session with a process that was started with `--inspect`, and with its worker threads. */
class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Settle>();
  readonly workers: Worker[] = [];
  #sent = 0;

  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)));
    });
    return new Inspector(socket);
  }

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(String(data)));
  }

  /** Calls a method in the main thread or in a worker; they count their messages apart, we count all. */
  send(method: string, params: object, sessionId?: string): Promise<unknown> {
    this.#sent += 1;
    const call = { id: this.#sent, method, params };
    const answer = new Promise((resolve, reject) => this.#waiting.set(call.id, { resolve, reject }));
    if (sessionId === undefined) this.#socket.send(JSON.stringify(call));
    else void this.#sendOn(sessionId, JSON.stringify(call));
    return answer;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #sendOn(sessionId: string, text: string): Promise<unknown> {
    return this.send('NodeWorker.sendMessageToWorker', { sessionId, message: text });
  }

  #take(text: string): void {
    const { id, method, params, result, error } = message.parse(JSON.parse(text));
    if (method === 'NodeWorker.attachedToWorker') {
      const { sessionId, workerInfo } = attached.parse(params);
      this.workers.push({ sessionId, name: basename(workerInfo.url) });
    }
    if (method === 'NodeWorker.receivedMessageFromWorker') this.#take(fromWorker.parse(params).message);
    const waiting = this.#waiting.get(id ?? 0);
    this.#waiting.delete(id ?? 0);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}
