import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { test } from 'node:test';
import { type Exporter, exporter } from '../support/exporter.ts';
import { parseExposition } from '../support/exposition.ts';
import { configOf, SPOILS, Witness } from '../support/generations.ts';
import { httpServer } from '../support/http-server.ts';
import { otlpServer } from '../support/otlp-server.ts';
import { residentBytes } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

// The promise is about 1000 of them; fewer find what breaks at once.
const RELOADS = Number(process.env.RELOADS ?? 100);
const MOST_GROWTH_BYTES = 20 * 1024 * 1024;
const BROKEN_EVERY = 4;

test(`reload: ${RELOADS} reloads under scrapes and pushes lose no count, leave no series and fail or mix nothing`, {
  timeout: 60_000 + RELOADS * 500,
}, async () => {
  await using server = await httpServer();
  await using folder = await tempFolder();
  const pushes = new Witness(server.url());
  const faults: unknown[] = [];
  await using receiver = await otlpServer((points) => {
    try {
      pushes.look(points.map((point) => ({ ...point, isCounter: point.kind === 'counter' })));
    } catch (fault) {
      faults.push(fault);
    }
  });
  const file = await put(folder, configOf(server.url(), 0));
  await using running = await exporter([`--config.file=${file}`, '--web.enable-lifecycle'], {
    OTEL_METRICS_EXPORTER: 'prometheus,otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url(''),
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_METRIC_EXPORT_INTERVAL: '100',
    OTEL_METRIC_EXPORT_TIMEOUT: '100',
  });
  const scrapes = new Witness(server.url());
  const over = new AbortController();
  const scraping = scrapeOn(running, scrapes, over.signal);
  const memory: number[] = [];
  let generation = 0;
  try {
    for (let reload = 1; reload <= RELOADS; reload += 1) {
      const isBroken = reload % BROKEN_EVERY === 0;
      const spoil = isBroken ? SPOILS[(reload / BROKEN_EVERY) % SPOILS.length] : undefined;
      const config = configOf(server.url(), generation + 1);
      await put(folder, spoil?.(config) ?? config);
      assert.equal(await reloadStatus(running), isBroken ? 500 : 200, running.output().slice(-2000));
      if (!isBroken) generation += 1;
      memory.push(await residentBytes(running));
    }
    await until(() => pushes.latest === generation, 'the last config is pushed');
  } finally {
    over.abort();
    await scraping;
  }
  assert.deepEqual(faults, []);
  assert.equal(scrapes.latest, generation);
  assert.ok(scrapes.looks >= RELOADS && pushes.looks >= RELOADS / 10, `${scrapes.looks} and ${pushes.looks}`);
  console.log(
    scrapes.looks,
    pushes.looks,
    memory
      .filter((_, i) => i % Math.ceil(RELOADS / 40) === 0)
      .map((b) => Math.round(b / 1048576))
      .join(' '),
  );
});

/** Puts a config into place as a whole: nobody is to read half of it. */
async function put(folder: TempFolder, config: string): Promise<string> {
  const file = `${folder.path}/config.yml`;
  await rename(await folder.write('config.yml.new', config), file);
  return file;
}

async function reloadStatus(running: Exporter): Promise<number> {
  const response = await fetch(running.url('/-/reload'), { method: 'POST' });
  await response.text();
  return response.status;
}

async function scrapeOn(running: Exporter, witness: Witness, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const families = parseExposition(await running.metrics());
    witness.look(
      families.flatMap(({ type, samples }) =>
        samples.map((sample) => ({ ...sample, isCounter: type === 'counter' })),
      ),
    );
  }
}
