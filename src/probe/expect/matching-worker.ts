import { parentPort } from 'node:worker_threads';
import { type Case, objection } from './judgement.ts';

// The first judgement costs many times what later ones do, and that is no target's to pay.
const FIRST: Case = {
  expect: { status: [], headers: [], body: [{ pattern: '^1$', mustMatch: true }], json: ['body == 1'] },
  headers: {},
  content: Buffer.from('1'),
  maxBytes: 1,
};

// Apart from the probing thread, so that a large body or a costly expression holds no probe up, and can be killed.
parentPort?.on('message', (response: Case) => parentPort?.postMessage(objection(response)));
objection(FIRST);
parentPort?.postMessage('ready');
