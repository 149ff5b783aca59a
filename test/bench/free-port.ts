import { createServer } from 'node:net';
import { listen } from '../support/listen.ts';

/** A port of the loopback that is free now, for a program that cannot take any free port by itself. */
export async function freePort(): Promise<number> {
  await using listening = await listen(createServer());
  return listening.port;
}
