import type { Socket } from 'node:net';

/** Takes the bytes of one read; they are valid only until it returns. */
export type Reader = (bytes: Buffer) => void;

const READ_BYTES = 64 * 1024;
// Reading may take so long before other connections have their turn.
const SLICE_MS = 5;
// One for all connections of a thread, since each read is passed on before the next one begins.
const shared = Buffer.allocUnsafeSlow(READ_BYTES);

/** The bytes that arrive on a connection, read without a stream and without a buffer for each read. */
export class Inlet {
  /** The option of `connect` that brings the bytes here; for a socket made without it, call `bind`. */
  readonly onread = {
    buffer: shared,
    callback: (length: number) => {
      this.#take(shared.subarray(0, length));
      return true;
    },
  };
  #reader: Reader | undefined;
  #early: Buffer[] = [];
  #socket: Socket | undefined;
  #usedMs = 0;

  /** Names the socket that brings the bytes, so that it can be paused. */
  attach(socket: Socket): void {
    this.#socket = socket;
  }

  /** Takes the bytes of a socket that was made without `onread`. */
  bind(socket: Socket): void {
    this.attach(socket);
    socket.on('data', (bytes) => this.#take(bytes));
  }

  /** Passes on what arrives from now on, and first what arrived while there was no reader. */
  read(reader: Reader): void {
    this.#reader = reader;
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) reader(bytes);
  }

  #take(bytes: Buffer): void {
    if (this.#reader === undefined) {
      this.#early.push(Buffer.from(bytes));
      return;
    }
    const startedMs = performance.now();
    this.#reader(bytes);
    this.#usedMs += performance.now() - startedMs;
    if (this.#usedMs > SLICE_MS) this.#letOthersRun();
  }

  // Node reads up to 32 times before it looks at another connection.
  #letOthersRun(): void {
    this.#usedMs = 0;
    this.#socket?.pause();
    setImmediate(() => this.#socket?.resume());
  }
}

/** A connection with the bytes that arrive on it. */
export type Wire<S extends Socket = Socket> = { readonly socket: S; readonly inlet: Inlet };
