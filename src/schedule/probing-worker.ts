import { parentPort } from 'node:worker_threads';
import { readSystemTrust } from '../probe/connect/tls-context.ts';
import { probe } from '../probe/probe.ts';
import { ProbeResources } from '../probe/resources.ts';
import { warmUp } from '../probe/warmup.ts';
import { ThreadWatch } from '../runtime/thread-watch.ts';
import { usesTls } from '../target/scheme.ts';
import type { ResultsMessage, TargetsMessage } from './messages.ts';
import { Outbox } from './outbox.ts';
import { Poller } from './poller.ts';

// The entry of the probing thread: targets come in, batches of results go out, nothing else is shared.
if (parentPort === null) throw new Error('probing-worker runs only as a worker thread');
const port = parentPort;

const resources = new ProbeResources();
const watch = new ThreadWatch();
const outbox = new Outbox((results) => {
  const batch: ResultsMessage = { results, ...poller.takeReport(), thread: watch.take() };
  port.postMessage(batch);
});
const poller = new Poller({
  probe: (target) => probe(target, resources),
  onResult: (result) => outbox.add(result),
});

// What came meanwhile is kept in the port.
await warmUp(resources);
port.on('message', ({ targets, concurrency }: TargetsMessage) => {
  if (targets.some(({ url }) => usesTls(url))) readSystemTrust();
  resources.keep(targets);
  poller.setTargets(targets, concurrency);
});
