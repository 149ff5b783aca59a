import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { needsRoot } from './machine.ts';
import { run } from './program.ts';

const IS_INSIDE = process.env.IN_NAMESPACE === '1';
const ENTER = 'ip link set lo up && exec "$@"';

/**
 * A test of this file that runs in a network namespace of its own, where it may do to interfaces and ports what it
 * likes: the file is started once more in there, for this one test.
 */
export function namespaced(name: string, body: () => Promise<void>): void {
  if (IS_INSIDE) {
    test(name, body);
    return;
  }
  test(name, needsRoot('unshare', 'ip', 'nsenter'), async () => {
    const [, file = ''] = process.argv;
    const only = `--test-name-pattern=^${RegExp.escape(name)}$`;
    const { exitCode, output } = await run('env', [
      // Else it would take itself for a part of this run and report its results in another language.
      '--unset=NODE_TEST_CONTEXT',
      'IN_NAMESPACE=1',
      ...['unshare', '--net', 'sh', '-c', ENTER, 'sh', process.execPath, only, file],
    ]);
    assert.equal(exitCode, 0, output);
    assert.match(output, /^ℹ pass 1$/m);
  });
}

/** Another machine, at the other end of a cable. */
export type Neighbour = AsyncDisposable & {
  readonly address: string;
  /** Takes an end of the cable down, or puts it up again. */
  setLink(end: End, state: 'up' | 'down'): Promise<void>;
  /** The command by which a program runs over there. */
  readonly by: readonly string[];
};

/** An end of the cable: ours, or the neighbour's. */
export type End = 'near' | 'far';

// RFC 5737: addresses that are nobody's.
const ADDRESSES = { near: '192.0.2.1', far: '192.0.2.2' } as const;

/** Lays a cable from the namespace of this test to a second one. */
export async function neighbour(): Promise<Neighbour> {
  if (!IS_INSIDE) throw new Error('a neighbour is only to be had in a namespace of our own');
  const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo here; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const by = ['nsenter', `--target=${holder.pid}`, '--net'];
  const ip = (end: End, ...args: readonly string[]) => command([...(end === 'far' ? by : []), 'ip', ...args]);
  const setLink = (end: End, state: 'up' | 'down') => ip(end, 'link', 'set', end, state);
  await ip('near', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far', 'netns', `${holder.pid}`);
  for (const end of ['near', 'far'] as const) {
    await ip(end, 'address', 'add', `${ADDRESSES[end]}/24`, 'dev', end);
    await setLink(end, 'up');
  }
  return {
    address: ADDRESSES.far,
    by,
    setLink,
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await once(holder, 'close');
    },
  };
}

async function command([file = '', ...args]: readonly string[]): Promise<void> {
  const { exitCode, output } = await run(file, args);
  if (exitCode !== 0) throw new Error(`${file} ${args.join(' ')}: ${output}`);
}
