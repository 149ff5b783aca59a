import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { type Loopback, listen, portOf } from './listen.ts';

/** A port of the loopback that takes no connection. */
export type ClosedPort = AsyncDisposable & {
  readonly port: number;
  /** As it stands in a URL. */
  readonly authority: string;
};

/** A port that drops SYNs for as long as one likes. */
export type Blackhole = ClosedPort & {
  /** From now on connections are taken, and requests answered with 200; a SYN that was dropped comes again after 1 s. */
  open(): void;
};

// A thread of its own, so that nobody accepts: it stands still once it listens.
const LISTENER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { gate, ...place } = workerData;
  const server = require('node:http').createServer((_, response) => response.end('ok'));
  server.listen({ ...place, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(gate, 0, 0);
  });
`;

// Linux queues one more than the backlog, and drops every SYN after that.
const QUEUE = 2;

/** A port, a free one if none is given, whose SYNs get no answer: nobody accepts there, and its queue is full. */
export async function blackhole(host: Loopback = '127.0.0.1', wantedPort = 0): Promise<Blackhole> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(LISTENER, { eval: true, workerData: { host, port: wantedPort, gate } });
  const [port] = await once(worker, 'message');
  const queued = await Promise.all(Array.from({ length: QUEUE }, () => queue(port, host)));
  return {
    ...addressed(port, host),
    open() {
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of queued) socket.destroy();
      await worker.terminate();
    },
  };
}

/** A port that refuses connections, and that nobody else is given as long as it is held. */
export async function refusingPort(host: Loopback = '127.0.0.1'): Promise<ClosedPort> {
  const server = createServer();
  const listening = await listen(server, host);
  // The local end of a connection has its port for itself, and nothing listens there.
  const holder = connect(portOf(server), host);
  await once(holder, 'connect');
  return {
    ...addressed(holder.localPort ?? 0, host),
    async [Symbol.asyncDispose]() {
      holder.destroy();
      await listening[Symbol.asyncDispose]();
    },
  };
}

function addressed(port: number, host: Loopback): Pick<ClosedPort, 'port' | 'authority'> {
  return { port, authority: `${host === '::1' ? '[::1]' : host}:${port}` };
}

async function queue(port: number, host: Loopback): Promise<Socket> {
  const socket = connect(port, host);
  await once(socket, 'connect');
  return socket;
}
