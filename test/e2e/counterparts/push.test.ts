import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { exporter } from '../../support/exporter.ts';
import { parseExposition } from '../../support/exposition.ts';
import { httpServer } from '../../support/http-server.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';
import { collector } from './collector.ts';
import { need } from './need.ts';
import { prometheus } from './prometheus.ts';

const LIMIT_MS = 60_000;
const PATIENCE_MS = 20_000;
const ASK_EVERY_MS = 100;
const ORIGIN: readonly string[] = ['job', 'instance', '__name__'];
const OURS = /^(sample_external_url|external_url_exporter|process)_/;

/** The environment that makes the exporter push every second. */
function pushVariables(endpoint: string, protocol: string): Record<string, string> {
  return {
    OTEL_METRICS_EXPORTER: 'prometheus,otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
    OTEL_SERVICE_NAME: 'a-service',
    OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=an-instance,deployment.environment.name=test',
  };
}

/** A target that is up and one that is down, and after the first round none for a day: all ways show one round. */
async function oneRound(folder: TempFolder, up: string): Promise<string> {
  const config = `
interval: 24h
histogram_buckets_ms: [10, 100, 1000]
targets:
  - { url: '${up}', labels: { team: 'a "quoted" one' } }
  - http://127.0.0.1:1/
`;
  return `--config.file=${await folder.write('config.yml', config)}`;
}

type Exported = {
  readonly name: string;
  readonly labels: Iterable<readonly [string, string]>;
  readonly value: number;
};

/** A series in one line, without the labels that say where it came from; about us, who change, without the value. */
function line({ name, labels, value }: Exported): string {
  const own = [...labels].filter(([label]) => !ORIGIN.includes(label)).sort();
  return `${name}${JSON.stringify(Object.fromEntries(own))} ${name.startsWith('sample_') ? value : ''}`;
}

/** What an exposition says of targets and of us. */
function linesOf(exposition: string): readonly string[] {
  // A Collector that has received nothing exports nothing.
  if (exposition === '') return [];
  return parseExposition(exposition)
    .flatMap(({ samples }) => samples)
    .filter(({ name }) => OURS.test(name))
    .map(line)
    .sort();
}

/** What is exported on several ways, once it is as much on all of them. */
async function settled(...ways: readonly (() => Promise<string>)[]): Promise<readonly (readonly string[])[]> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const exported = (await Promise.all(ways.map((way) => way()))).map(linesOf);
    const lengths = exported.map(({ length }) => length);
    if (new Set(lengths).size === 1 || performance.now() > giveUpAt) return exported;
    await pause(ASK_EVERY_MS);
  }
}

const PROTOCOLS = [
  { protocol: 'http/protobuf', receiver: 'http' },
  { protocol: 'http/json', receiver: 'http' },
  { protocol: 'grpc', receiver: 'grpc' },
] as const;

// They wait most of the time, for the next scrape or push, so they wait together.
describe('counterparts: pushes', { concurrency: true }, () => {
  for (const { protocol, receiver } of PROTOCOLS) {
    test(`collector: what is pushed by ${protocol} has the names, labels and values of what is scraped`, {
      ...need('otelcol'),
      timeout: LIMIT_MS,
    }, async () => {
      await using server = await httpServer();
      await using folder = await tempFolder();
      // The receivers' ports are needed before the exporter's own is known, so there is a Collector for each way.
      await using receiving = await collector();
      const config = await oneRound(folder, server.url());
      await using probing = await exporter([config], pushVariables(receiving[receiver], protocol));
      await using scraping = await collector(probing.authority);
      await probing.metricsUntil(/^sample_external_url_up\{/, 2);
      const [direct, pushed, scraped] = await settled(probing.metrics, receiving.pushed, scraping.scraped);
      assert.ok(direct !== undefined && direct.length > 30, `${direct?.length} series`);
      assert.deepEqual(scraped, direct);
      assert.deepEqual(pushed, direct);
    });
  }

  test('prometheus: what is pushed to it has the names, labels and values of what it would scrape', {
    ...need('prometheus'),
    timeout: LIMIT_MS,
  }, async () => {
    await using server = await httpServer();
    await using folder = await tempFolder();
    await using receiving = await prometheus('{}', ['--web.enable-otlp-receiver']);
    const env = pushVariables(`http://${receiving.authority}/api/v1/otlp`, 'http/protobuf');
    await using probing = await exporter([await oneRound(folder, server.url())], env);
    await probing.metricsUntil(/^sample_external_url_up\{/, 2);
    const direct = linesOf(await probing.metrics());
    const stored = await receiving.queryUntil(
      `{job="a-service", instance="an-instance", __name__=~"${OURS.source.slice(1)}.+"}`,
      ({ length }) => length === direct.length,
      'all series are stored',
    );
    assert.deepEqual(
      stored
        .map(({ labels, value }) =>
          line({ name: labels.__name__ ?? '', labels: Object.entries(labels), value }),
        )
        .sort(),
      direct,
    );
    const [info] = await receiving.query('target_info');
    assert.equal(info?.labels.deployment_environment_name, 'test');
  });
});
