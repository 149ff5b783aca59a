import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { testRunVariables } from './program.ts';

/** What the exporter came to as a command that ends by itself. */
export type Outcome = {
  /** Null after a signal. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

type CommandOptions = { readonly env?: Readonly<Record<string, string>>; readonly folder?: string };

/** The entry of the exporter. */
export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const END_WITHIN_MS = 60_000;

/** Runs the exporter to its end; it gets no environment but what is given. */
export async function command(
  args: readonly string[],
  { env = {}, folder }: CommandOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...testRunVariables(), ...env },
    timeout: END_WITHIN_MS,
    ...(folder !== undefined && { cwd: folder }),
  });
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { exitCode: child.exitCode, stdout, stderr };
}
