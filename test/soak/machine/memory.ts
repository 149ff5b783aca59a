import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { httpServer } from '../../support/http-server.ts';
import { program, residentBytes, run } from '../../support/program.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { memoryGroup } from './cgroup.ts';

// The bundle under a limit of memory, as in a container: node test/soak/machine/memory.ts --limit-mb=128
// Needs root and control groups. Exits 1 if the service was killed, or did not do all of its work.

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MB = 1024 * 1024;
const SCRAPE_EVERY_MS = 5000;
const SCRAPE_WITHIN_MS = 5000;

const { values } = parseArgs({
  options: {
    'limit-mb': { type: 'string', default: '128' },
    targets: { type: 'string', default: '1000' },
    'interval-s': { type: 'string', default: '10' },
    seconds: { type: 'string', default: '180' },
    entry: { type: 'string', default: 'dist/main.mjs' },
    // As where another container of the image is on the same machine: Node's own pages, 60 MB of them, count for that.
    'shared-node': { type: 'boolean', default: false },
  },
});
const [limitMb, targets, seconds] = [values['limit-mb'], values.targets, values.seconds].map(Number);
process.exitCode = await limited(Number(limitMb), Number(targets), Number(seconds));

async function limited(limit: number, count: number, durationSeconds: number): Promise<number> {
  if (values.entry === 'dist/main.mjs') await bundled();
  await using server = await httpServer();
  await using folder = await tempFolder();
  const urls = Array.from({ length: count }, (_, n) => server.url(`/${n}`));
  const settings = { interval: `${values['interval-s']}s`, targets: urls };
  const config = await folder.write('config.yml', JSON.stringify(settings));
  const group = memoryGroup(limit * MB);
  const flags = ['--web.listen-address=127.0.0.1:0', '--log.format=json', `--config.file=${config}`];
  const [file = '', ...by] = group.by;
  // Written from within, so that its pages are charged to the group, as they are in a container.
  const node = values['shared-node'] ? process.execPath : `${folder.path}/node`;
  if (!values['shared-node']) await run(file, [...by, 'cp', process.execPath, node]);
  const service = program(file, [...by, node, `${ROOT}/${values.entry}`, ...flags]);
  say(`${count} targets, limit ${limit} MB, control groups v${group.version}, ${values.entry}`);
  let most = 0;
  try {
    const [, port] = await service.says(/"port":(\d+).*"msg":"listening"/);
    const endMs = performance.now() + durationSeconds * 1000;
    while (performance.now() < endMs) {
      await pause(SCRAPE_EVERY_MS);
      const { up, failures, tookMs } = await scrape(`http://127.0.0.1:${port}/metrics`);
      const { anonymous, charged, mostCharged } = group.read();
      most = Math.max(most, anonymous);
      const memory = `anonymous ${mb(anonymous)}, charged ${mb(charged)}, most ${mb(mostCharged)}`;
      say(
        `${memory}, resident ${mb(await residentBytes(service))} MB; up ${up}, failures ${failures}, scrape ${tookMs} ms`,
      );
      if (performance.now() > endMs && (up !== count || failures > 0)) throw new Error('not all are up');
    }
  } catch (cause) {
    say(`failed: ${cause instanceof Error ? cause.message : cause}`);
    const { anonymous, charged } = group.read();
    say(`anonymous ${mb(anonymous)}, charged ${mb(charged)} MB`);
    say(service.output().split('\n').slice(-5).join('\n'));
    return 1;
  } finally {
    await service[Symbol.asyncDispose]();
    say(`most anonymous ${mb(most)} MB, killed for lack of memory: ${group.read().kills}`);
    group.remove();
  }
  return 0;
}

async function bundled(): Promise<void> {
  const { exitCode, output } = await run(process.execPath, [`${ROOT}/deploy/bundle.ts`]);
  if (exitCode !== 0) throw new Error(`it cannot be bundled:\n${output}`);
}

async function scrape(url: string): Promise<{ up: number; failures: number; tookMs: number }> {
  const startMs = performance.now();
  const response = await fetch(url, { signal: AbortSignal.timeout(SCRAPE_WITHIN_MS) });
  const text = await response.text();
  const tookMs = Math.round(performance.now() - startMs);
  if (response.status !== 200) throw new Error(`/metrics answers ${response.status}`);
  const up = text.match(/^sample_external_url_up\{.*\} 1$/gm)?.length ?? 0;
  const failures = text.match(/^sample_external_url_failures_total\{.*\} [1-9]/gm)?.length ?? 0;
  return { up, failures, tookMs };
}

function mb(bytes: number): string {
  return (bytes / MB).toFixed(0);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
