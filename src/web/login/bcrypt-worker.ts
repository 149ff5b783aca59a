import { parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';
import type { Comparison, Outcome } from './bcrypt-thread.ts';

// Apart from the event loop, which a single comparison would hold up for a tenth of a second.
parentPort?.on('message', ({ id, password, hash }: Comparison) => {
  const outcome: Outcome = { id, matches: compareSync(password, hash) };
  parentPort?.postMessage(outcome);
});
