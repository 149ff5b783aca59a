import { parentPort } from 'node:worker_threads';
import { readSystemTrust } from '../probe/connect/tls-context.ts';
import { probe } from '../probe/probe.ts';
import { ProbeResources } from '../probe/resources.ts';
import { warmUp } from '../probe/warmup.ts';
import { nowMs } from '../runtime/clock.ts';
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
let probingSinceMs: number | undefined;
const outbox = new Outbox((results) => {
  const report = { ...poller.takeReport(), thread: watch.take() };
  const batch: ResultsMessage = { results, sentMs: nowMs(), probingSinceMs, ...report };
  port.postMessage(batch);
});
const poller = new Poller({
  probe: (target) => probe(target, resources),
  onResult: (result) => outbox.add(result),
});

// Targets that come in the meantime wait in the port.
await warmUp(resources);
port.on('message', ({ targets, concurrency }: TargetsMessage) => {
  if (targets.some(({ url }) => usesTls(url))) readSystemTrust();
  resources.keep(targets);
  probingSinceMs ??= nowMs();
  poller.setTargets(targets, concurrency);
  outbox.flush();
});
