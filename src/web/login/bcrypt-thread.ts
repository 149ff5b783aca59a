import { Worker } from 'node:worker_threads';
import { workerEntry } from '../../runtime/worker-entry.ts';

/** What is asked of the thread, and what it answers. */
export type Comparison = { readonly id: number; readonly password: string; readonly hash: string };
export type Outcome = { readonly id: number; readonly matches: boolean };

type Asked = { readonly resolve: (matches: boolean) => void; readonly reject: (error: Error) => void };

const ENTRY = workerEntry('bcrypt-worker', import.meta.url);

/** Compares passwords with bcrypt hashes one after the other, in a thread that is started when it is first needed. */
export class Bcrypt {
  readonly #asked = new Map<number, Asked>();
  #worker: Worker | undefined;
  #lastId = 0;

  /** Whether a password is the one of a hash; rejects if the thread fails, after which another one is started. */
  matches(password: string, hash: string): Promise<boolean> {
    this.#lastId += 1;
    const comparison: Comparison = { id: this.#lastId, password, hash };
    return new Promise((resolve, reject) => {
      this.#asked.set(comparison.id, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage(comparison);
    });
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(ENTRY, { name: 'bcrypt' });
    worker.on('message', ({ id, matches }: Outcome) => {
      this.#asked.get(id)?.resolve(matches);
      this.#asked.delete(id);
    });
    worker.on('error', (cause) =>
      this.#fail(new Error('the thread that checks passwords failed', { cause })),
    );
    worker.on('exit', () => this.#fail(new Error('the thread that checks passwords has ended')));
    // It must not keep the process from its end.
    worker.unref();
    return worker;
  }

  #fail(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}
