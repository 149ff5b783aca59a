import { Worker } from 'node:worker_threads';
import { workerEntry } from '../../runtime/worker-entry.ts';

/** What is sent to the thread, and what it sends back. */
export type PasswordQuestion = { readonly id: number; readonly password: string; readonly hash: string };
export type PasswordAnswer = { readonly id: number; readonly matches: boolean };

type Pending = { readonly resolve: (matches: boolean) => void; readonly reject: (error: Error) => void };

const ENTRY = workerEntry('bcrypt-worker', import.meta.url);

/** Compares passwords with bcrypt hashes one after the other, in a thread that is started when it is first needed. */
export class BcryptThread {
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #lastId = 0;

  /** Whether a password is the one of a hash; rejects if the thread fails, after which another one is started. */
  matches(password: string, hash: string): Promise<boolean> {
    this.#lastId += 1;
    const question: PasswordQuestion = { id: this.#lastId, password, hash };
    return new Promise((resolve, reject) => {
      this.#pending.set(question.id, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage(question);
    });
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(ENTRY, { name: 'bcrypt' });
    worker.on('message', ({ id, matches }: PasswordAnswer) => {
      this.#pending.get(id)?.resolve(matches);
      this.#pending.delete(id);
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
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
