import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { test } from 'node:test';
import { type Exporter, exporter } from '../support/exporter.ts';
import { parseExposition } from '../support/exposition.ts';
import { configOf, type Exported, SPOILS, Witness } from '../support/generations.ts';
import { httpServer } from '../support/http-server.ts';
import { otlpReceiver, type Pushed } from '../support/otlp-receiver.ts';
import { residentBytes } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

// The promise is about 1000 of them; fewer find what breaks at once.
const RELOADS = Number(process.env.RELOADS ?? 40);
const BROKEN_EVERY = 4;
const MOST_GROWTH_BYTES = 20 * 1024 * 1024;
// V8 looks at its old generation for the first time after some 200 reloads; what it holds before says nothing.
const SETTLED_AFTER = 300;

test(`reload: ${RELOADS} reloads under scrapes and pushes lose no count, leave no series, fail and mix nothing`, {
  timeout: 60_000 + RELOADS * 5000,
}, async () => {
  await using server = await httpServer();
  await using folder = await tempFolder();
  await using receiver = await otlpReceiver();
  const file = await put(folder, configOf(server.url(), 0));
  await using running = await exporter([`--config.file=${file}`, '--web.enable-lifecycle'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRIC_EXPORT_INTERVAL: '250',
  });
  const [scrapes, pushes] = [new Witness(server.url()), new Witness(server.url())];
  const over = new AbortController();
  const faults: unknown[] = [];
  const scraping = scrapeOn(running, scrapes, over.signal).catch((fault) => faults.push(fault));
  const memory: number[] = [];
  let generation = 0;
  for (let reload = 1; reload <= RELOADS && faults.length === 0; reload += 1) {
    const isBroken = reload % BROKEN_EVERY === 0;
    const spoil = isBroken ? SPOILS[(reload / BROKEN_EVERY) % SPOILS.length] : undefined;
    const config = configOf(server.url(), generation + 1);
    await put(folder, spoil?.(config) ?? config);
    assert.equal(await statusOfReload(running), isBroken ? 500 : 200, running.output().slice(-2000));
    if (!isBroken) generation += 1;
    while (pushes.looks < receiver.pushes.length) pushes.look(exportedBy(receiver.pushes[pushes.looks]));
    memory.push(await residentBytes(running));
  }
  over.abort();
  await scraping;
  assert.deepEqual(faults, []);
  const seen = receiver.pushes.length;
  await until(() => receiver.pushes.length > seen + 1, 'the last config is pushed');
  pushes.look(exportedBy(receiver.pushes.at(-1)));
  assert.deepEqual([scrapes.latest, pushes.latest], [generation, generation]);
  assert.ok(scrapes.looks >= RELOADS / 2 && pushes.looks >= 3, `${scrapes.looks} and ${pushes.looks}`);
  staysFlat(memory);
});

/** Puts a config into place as a whole: nobody is to read half of it. */
async function put(folder: TempFolder, config: string): Promise<string> {
  const file = `${folder.path}/config.yml`;
  await rename(await folder.write('config.yml.new', config), file);
  return file;
}

async function statusOfReload(running: Exporter): Promise<number> {
  const response = await fetch(running.url('/-/reload'), { method: 'POST' });
  await response.text();
  return response.status;
}

async function scrapeOn(running: Exporter, witness: Witness, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    witness.look(parseExposition(await running.metrics()).flatMap(({ samples }) => samples));
  }
}

function exportedBy({ points }: Pick<Pushed, 'points'> = { points: [] }): readonly Exported[] {
  return points.flatMap(({ lines, startMs }) =>
    lines.flatMap((line) =>
      parseExposition(`${line}\n`).flatMap(({ samples }) =>
        samples.map((sample) => ({ ...sample, startMs })),
      ),
    ),
  );
}

function staysFlat(memory: readonly number[]): void {
  if (memory.length <= 2 * SETTLED_AFTER) return;
  const [early, late] = [memory.slice(SETTLED_AFTER - 50, SETTLED_AFTER), memory.slice(-50)];
  const growth = Math.max(...late) - Math.max(...early);
  assert.ok(growth < MOST_GROWTH_BYTES, `${memory.map((bytes) => Math.round(bytes / 2 ** 20))} MiB`);
}
