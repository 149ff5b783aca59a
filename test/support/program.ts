import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { PATIENCE_MS, until } from './until.ts';

/** A program that runs beside the tests; disposing of it ends it, by force if it takes long. */
export type Program = AsyncDisposable & {
  readonly pid: number;
  /** All that it has written so far, errors as well. */
  output(): string;
  /** Waits until it has written what the pattern finds, and fails with its output if it ends before. */
  says(pattern: RegExp, patienceMs?: number): Promise<RegExpExecArray>;
  signal(signal: NodeJS.Signals): void;
  /** Waits for its end and gives the exit code, null after a signal. */
  end(): Promise<number | null>;
};

/** What a program is started with beside its arguments. */
export type ProgramOptions = {
  /** Its whole environment but for the PATH, and what the run of the tests needs. */
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
};

const END_WITHIN_MS = 30_000;

/** Starts a program; the tests end it when they end, however that is. */
export function program(
  file: string,
  args: readonly string[],
  { env = {}, folder }: ProgramOptions = {},
): Program {
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...testRunVariables(), ...env },
    ...(folder !== undefined && { cwd: folder }),
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const output = outputOf(child);
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    pid: child.pid ?? 0,
    output,
    async says(pattern, patienceMs = PATIENCE_MS) {
      const found = () => pattern.exec(output());
      try {
        await until(() => found() !== null || isOver(child), `${file} says ${pattern}`, patienceMs);
      } catch (cause) {
        throw new Error(`${file} did not say ${pattern}, but:\n${output()}`, { cause });
      }
      const match = found();
      if (match === null)
        throw new Error(`${file} ended (${child.exitCode}):\n${output()}`, { cause: failure });
      return match;
    },
    signal: (signal) => child.kill(signal),
    async end() {
      await ended;
      return child.exitCode;
    },
    async [Symbol.asyncDispose]() {
      if (!isOver(child)) child.kill('SIGTERM');
      const timer = setTimeout(kill, END_WITHIN_MS);
      await ended;
      clearTimeout(timer);
      process.off('exit', kill);
    },
  };
}

/** What makes Node.js in a child process count for the coverage of the tests, and use the code that is compiled already. */
export function testRunVariables(): Readonly<Record<string, string>> {
  const kept = ['NODE_V8_COVERAGE', 'NODE_COMPILE_CACHE'];
  const found = Object.entries(process.env).filter(([name]) => kept.includes(name));
  return Object.fromEntries(found.map(([name, value]) => [name, String(value)]));
}

/** Runs a program to its end with this on its stdin, and gives what it wrote and its exit code. */
export async function run(
  file: string,
  args: readonly string[],
  input = '',
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const output = outputOf(child);
  // A program may end without having read it.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  await once(child, 'close');
  return { exitCode: child.exitCode, output: output() };
}

function isOver({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

function outputOf({ stdout, stderr }: ChildProcess): () => string {
  let output = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return () => output;
}

/** The memory that a program holds (Linux). */
export async function residentBytes({ pid }: Program): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
