import { parentPort } from 'node:worker_threads';
import { probe } from '../probe/probe.ts';
import type { FromProber, ToProber } from './messages.ts';
import { Outbox } from './outbox.ts';
import { Poller } from './poller.ts';

// The entry of the probing thread: targets come in, batches of results go out, nothing else is shared.
if (parentPort === null) throw new Error('probing-thread runs only as a worker thread');
const port = parentPort;

const outbox = new Outbox((results) => {
  const batch: FromProber = { kind: 'batch', results, ...poller.takeReport() };
  port.postMessage(batch);
});
const poller = new Poller({ probe, onResult: (result) => outbox.add(result) });

port.on('message', ({ targets, concurrency }: ToProber) => poller.setTargets(targets, concurrency));
