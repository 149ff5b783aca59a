import { basename } from 'node:path';
import * as z from 'zod';

const message = z.object({
  id: z.number().default(0),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
const attached = z.object({ sessionId: z.string(), workerInfo: z.object({ url: z.string() }) });
const fromWorker = z.object({ sessionId: z.string(), message: z.string() });
const evaluated = z.object({
  result: z.object({ value: z.unknown() }),
  exceptionDetails: z.object({ text: z.string() }).optional(),
});

/** A thread of a process that is inspected. */
export type InspectedThread = {
  /** `main`, or the file that it began with. */
  readonly name: string;
  /** Absent for the main thread. */
  readonly sessionId: string | undefined;
};

type Settle = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };

/** A session with a process that was started with `--inspect`, and with its worker threads; it ends when disposed of. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Settle>();
  readonly #threads: InspectedThread[] = [{ name: 'main', sessionId: undefined }];
  #sent = 0;

  /** Connects to the address that the process has written to stderr. */
  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)));
    });
    const inspector = new Inspector(socket);
    await inspector.#send('NodeWorker.enable', { waitForDebuggerOnStart: false });
    return inspector;
  }

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(String(data)));
  }

  /** The threads that there are by now. */
  get threads(): readonly InspectedThread[] {
    return [...this.#threads];
  }

  /** The value of an expression, evaluated in a thread. */
  async evaluate(expression: string, thread?: InspectedThread): Promise<unknown> {
    const params = { expression, returnByValue: true };
    const { result, exceptionDetails } = evaluated.parse(
      await this.#send('Runtime.evaluate', params, thread),
    );
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${exceptionDetails.text}`);
    return result.value;
  }

  async collectGarbage(thread: InspectedThread): Promise<void> {
    await this.#send('HeapProfiler.collectGarbage', {}, thread);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  // Threads number their messages apart, so that one row of numbers does for all.
  #send(method: string, params: object, thread?: InspectedThread): Promise<unknown> {
    this.#sent += 1;
    const call = { id: this.#sent, method, params };
    const answer = new Promise((resolve, reject) => this.#waiting.set(call.id, { resolve, reject }));
    const text = JSON.stringify(call);
    if (thread?.sessionId === undefined) this.#socket.send(text);
    else void this.#send('NodeWorker.sendMessageToWorker', { sessionId: thread.sessionId, message: text });
    return answer;
  }

  #take(text: string): void {
    const { id, method, params, result, error } = message.parse(JSON.parse(text));
    if (method === 'NodeWorker.attachedToWorker') {
      const { sessionId, workerInfo } = attached.parse(params);
      this.#threads.push({ sessionId, name: basename(workerInfo.url) });
    }
    if (method === 'NodeWorker.receivedMessageFromWorker') this.#take(fromWorker.parse(params).message);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}
