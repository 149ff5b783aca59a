import { parentPort } from 'node:worker_threads';
import { type Case, objection } from './judgement.ts';

// Apart from the probing thread, so that a large body or a costly expression holds no probe up, and can be killed.
parentPort?.on('message', (response: Case) => parentPort?.postMessage(objection(response)));
parentPort?.postMessage('ready');
