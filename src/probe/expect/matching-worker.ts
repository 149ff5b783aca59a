import { parentPort } from 'node:worker_threads';
import { matchResponse, type ResponseToMatch } from './match.ts';

// The first match takes many times as long as later ones, so no target's is the first.
const FIRST: ResponseToMatch = {
  expect: { status: [], headers: [], body: [{ pattern: '^1$', mustMatch: true }], json: ['body == 1'] },
  headers: {},
  content: Buffer.from('1'),
  maxBytes: 1,
};

// A thread of its own, so that a large body or a slow expression delays no probe, and can be ended.
parentPort?.on('message', (response: ResponseToMatch) => parentPort?.postMessage(matchResponse(response)));
matchResponse(FIRST);
parentPort?.postMessage('ready');
