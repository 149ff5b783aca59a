import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PHASES } from '../../../src/probe/result.ts';
import { type Exporter, exporter } from '../../support/exporter.ts';
import { parseExposition } from '../../support/exposition.ts';
import { httpServer } from '../../support/http-server.ts';
import { run } from '../../support/program.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { need } from './need.ts';
import { type Answer, type Prometheus, prometheus } from './prometheus.ts';

const LIMIT_MS = 60_000;

/** A Prometheus that scrapes the exporter every second; the URL label is the target's own. */
function scraping({ authority }: Exporter): Promise<Prometheus> {
  return prometheus(`
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: exporter
    static_configs: [{ targets: ['${authority}'] }]
`);
}

function byUrl(answers: readonly Answer[]): Record<string, number> {
  return Object.fromEntries(answers.map(({ labels, value }) => [labels.url, value]));
}

// They wait most of the time, for the next scrape or push, so they wait together.
describe('counterparts: scrapes', { concurrency: true }, () => {
  test('prometheus: queries answer with the right values and labels', {
    ...need('prometheus'),
    timeout: LIMIT_MS,
  }, async () => {
    await using good = await httpServer();
    await using bad = await httpServer((_request, response) => response.writeHead(503).end('no'));
    await using folder = await tempFolder();
    const file = await folder.write(
      'config.yml',
      `
interval: 1s
targets:
  - url: ${good.url()}
    labels: { team: 'a "quoted" \\ one' }
  - ${bad.url()}
`,
    );
    await using probing = await exporter([`--config.file=${file}`]);
    await using scraped = await scraping(probing);

    await scraped.queryUntil(
      'sum by (url) (sample_external_url_probes_total) >= 3',
      ({ length }) => length === 2,
      'both targets were probed three times',
    );
    const up = await scraped.query('sample_external_url_up');
    assert.deepEqual(byUrl(up), { [good.url()]: 1, [bad.url()]: 0 });
    assert.deepEqual(
      up.find(({ labels }) => labels.url === good.url())?.labels,
      {
        __name__: 'sample_external_url_up',
        url: good.url(),
        team: 'a "quoted" \\ one',
        job: 'exporter',
        instance: probing.authority,
      },
      'no labels but those of the target and of the scrape',
    );
    assert.deepEqual(byUrl(await scraped.query('sample_external_url_status_code')), {
      [good.url()]: 200,
      [bad.url()]: 503,
    });
    const results = await scraped.query('sample_external_url_result == 1');
    assert.deepEqual(Object.fromEntries(results.map(({ labels }) => [labels.url, labels.result])), {
      [good.url()]: 'success',
      [bad.url()]: 'unexpected_status',
    });
  });

  test('prometheus: the phases of a scrape sum to its response time', {
    ...need('prometheus'),
    timeout: LIMIT_MS,
  }, async () => {
    await using slow = await httpServer(
      (_request, response) => void setTimeout(() => response.end('ok'), 50),
    );
    await using probing = await exporter(['--probe.interval=1s', slow.url()]);
    await using scraped = await scraping(probing);
    const [response] = await scraped.queryUntil(
      'sample_external_url_response_ms',
      ({ length }) => length === 1,
      'there is a response time',
    );
    assert.ok(
      response !== undefined && response.value >= 50 && response.value < 5000,
      `${response?.value} ms`,
    );
    const offBy = await scraped.query(
      'abs(sum by (url) (sample_external_url_phase_ms) - on (url) sample_external_url_response_ms)',
    );
    assert.equal(offBy.length, 1);
    assert.ok((offBy[0]?.value ?? 1) < 0.1, `${offBy[0]?.value} ms`);
    const phases = await scraped.query('sample_external_url_phase_ms');
    const entered = phases.map(({ labels }) => labels.phase ?? '');
    assert.deepEqual(
      entered.filter((phase) => !PHASES.some((known) => known === phase)),
      [],
    );
    assert.ok(entered.includes('wait') && !entered.includes('tls') && !entered.includes('dns'), `${entered}`);
  });

  test('prometheus: increase() and rate() over the counters see each failure', {
    ...need('prometheus'),
    timeout: LIMIT_MS,
  }, async () => {
    let status = 200;
    await using server = await httpServer((_request, response) => response.writeHead(status).end());
    await using probing = await exporter(['--probe.interval=1s', server.url()]);
    await using scraped = await scraping(probing);
    await scraped.queryUntil(
      'count_over_time(sample_external_url_failures_total[1m]) >= 2',
      ({ length }) => length === 1,
      'the counter was scraped twice at 0',
    );
    assert.equal((await scraped.query('sample_external_url_failures_total'))[0]?.value, 0);
    status = 500;
    await scraped.queryUntil(
      'increase(sample_external_url_failures_total[1m]) > 0',
      ({ length }) => length === 1,
      'the first failures show',
    );
    const failures = await scraped.query(
      'sample_external_url_failures_total - on (url) sum by (url) (sample_external_url_probes_total{result!~"success|internal_error"})',
    );
    assert.equal(failures[0]?.value, 0);
  });

  test('prometheus: a removed target is stale at the next scrape', {
    ...need('prometheus'),
    timeout: LIMIT_MS,
  }, async () => {
    await using server = await httpServer();
    await using folder = await tempFolder();
    const [kept, removed] = [server.url('/kept'), server.url('/removed')];
    const config = (...urls: string[]) => `interval: 1s\ntargets: [${urls.join(', ')}]\n`;
    const file = await folder.write('config.yml', config(kept, removed));
    await using probing = await exporter([`--config.file=${file}`]);
    await using scraped = await scraping(probing);
    await scraped.queryUntil(
      'sample_external_url_up',
      ({ length }) => length === 2,
      'both targets are scraped',
    );

    await folder.write('config.yml', config(kept));
    probing.signal('SIGHUP');
    await probing.metricsUntil(/^external_url_exporter_targets 1$/);
    const reloadedAt = Date.now() / 1000;
    await scraped.queryUntil(
      `timestamp(up) > ${reloadedAt}`,
      ({ length }) => length === 1,
      'a scrape has begun after the reload',
    );
    const left = await scraped.query(`{url="${removed}"}`);
    assert.deepEqual(left, []);
    assert.deepEqual(byUrl(await scraped.query('sample_external_url_up')), { [kept]: 1 });
  });

  // "ms" is how the names were ordered; everything else has to be to promtool's liking.
  test('promtool: the exposition has no fault but the unit that its names were given', {
    ...need('promtool'),
    timeout: LIMIT_MS,
  }, async () => {
    await using good = await httpServer();
    await using folder = await tempFolder();
    const file = await folder.write(
      'config.yml',
      `histogram_buckets_ms: [10, 100, 1000]\ntargets: ['${good.url()}', 'http://[::1]:1/']\n`,
    );
    await using probing = await exporter([`--config.file=${file}`]);
    const text = await probing.metricsUntil(/^sample_external_url_response_ms\{/, 2);
    const names = parseExposition(text).map(({ name }) => name);
    const { exitCode, output } = await run('promtool', ['check', 'metrics'], text);
    const mandated = names
      .filter((name) => name.startsWith('sample_external_url_') && name.endsWith('_ms'))
      .map((name) => `${name} metric names should not contain abbreviated units`);
    assert.deepEqual(output.trim().split('\n').sort(), mandated.sort());
    assert.equal(exitCode, 3, 'promtool has read it all, and had but advice');
  });
});
