import { parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';
import type { PasswordAnswer, PasswordQuestion } from './bcrypt-thread.ts';

// In a thread of its own, since each comparison blocks its event loop for long.
parentPort?.on('message', ({ id, password, hash }: PasswordQuestion) => {
  const answer: PasswordAnswer = { id, matches: compareSync(password, hash) };
  parentPort?.postMessage(answer);
});
