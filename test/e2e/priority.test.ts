import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { exporter } from '../support/exporter.ts';
import { httpServer } from '../support/http-server.ts';

const onLinux = process.platform === 'linux' ? false : 'a thread has a priority of its own on Linux alone';

/** How nice the threads of a process are, by their names. */
function niceness(pid: number): ReadonlyMap<string, ReadonlySet<number>> {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), nice: Number(fields[16]) };
  });
  const byName = Map.groupBy(threads, ({ name }) => name);
  return new Map([...byName].map(([name, all]) => [name, new Set(all.map(({ nice }) => nice))]));
}

test('priority: reporting and helper threads have a lower priority than probing', {
  skip: onLinux,
}, async () => {
  await using server = await httpServer();
  await using running = await exporter([server.url()]);
  await running.metricsUntil(/^sample_external_url_up\{.*\} 1$/);
  const own = niceness(process.pid).get('V8Worker');
  const found = niceness(running.pid);
  assert.deepEqual(found.get('probing'), own);
  assert.deepEqual(found.get('V8Worker'), new Set([...(own ?? [])].map((nice) => Math.max(nice, 2))));
});
