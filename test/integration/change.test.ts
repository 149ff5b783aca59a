import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpServer } from '../support/http-server.ts';
import { type Series, seriesAbout, startApp } from '../support/running-app.ts';
import { OFTEN, target } from '../support/target.ts';
import { BREAKABLE_WORKER, breakThread } from '../support/thread-control.ts';

/** The series of a target that has its latest result from a probe; what is left out is measured. */
function valuesOf(about: Series): Record<string, number> {
  const measured = /^(phase_ms|response_ms|last_probe|probes_total|failures_total)/;
  return Object.fromEntries([...about].filter(([name]) => !measured.test(name)));
}

function phases(about: Series): readonly string[] {
  return [...about.keys()].filter((name) => name.startsWith('phase_ms'));
}

/** No scrape may say two things at once. */
function isOfOneProbe(about: Series): void {
  const ones = [...about].filter(([name, value]) => name.startsWith('result{') && value === 1);
  assert.equal(ones.length, 1);
  assert.equal(about.get('result{result="success"}'), about.get('up'));
  assert.equal(about.get('status_code') === 200, about.get('up') === 1);
}

test('change: after 200 a target that refuses keeps no status, no phase and no result of before', async () => {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await httpServer());
  const url = server.url();
  await using run = await startApp([target(url, OFTEN)]);
  const up = seriesAbout(
    url,
    await run.scrapeUntil((series) => seriesAbout(url, series).get('up') === 1, 'it is up'),
  );
  assert.deepEqual(valuesOf(up), {
    up: 1,
    'result{result="success"}': 1,
    status_code: 200,
    redirects: 0,
    body_bytes: 2,
  });
  assert.deepEqual(phases(up), [
    'phase_ms{phase="connect"}',
    'phase_ms{phase="transfer"}',
    'phase_ms{phase="wait"}',
  ]);
  await stack.disposeAsync();
  const refused = (series: Series) => seriesAbout(url, series).get('result{result="connect_refused"}') === 1;
  const down = await run.scrapeUntil((series) => {
    isOfOneProbe(seriesAbout(url, series));
    return refused(series);
  }, 'it refuses');
  const about = seriesAbout(url, down);
  // A probe in flight while the server went away may have found something else; then that result is a 0 as well.
  const { up: isUp, ...results } = valuesOf(about);
  assert.equal(isUp, 0);
  assert.ok(
    Object.keys(results).every((name) => name.startsWith('result{')),
    Object.keys(results).join(),
  );
  assert.equal(results['result{result="success"}'], 0);
  assert.deepEqual(phases(about), ['phase_ms{phase="connect"}']);
});

test('change: a status that changes is the new one at once, and both results are exported', async () => {
  let status = 200;
  await using server = await httpServer((_request, response) => response.writeHead(status).end());
  const url = server.url();
  await using run = await startApp([target(url, OFTEN)]);
  const about = (series: Series) => seriesAbout(url, series);
  for (const [code, name] of [
    [200, 'success'],
    [500, 'unexpected_status'],
    [200, 'success'],
  ] as const) {
    status = code;
    const series = await run.scrapeUntil(
      (scraped) => about(scraped).get('status_code') === code,
      `it is ${code}`,
    );
    isOfOneProbe(about(series));
    assert.equal(about(series).get(`result{result="${name}"}`), 1);
  }
  const last = about(await run.scrape());
  assert.equal(last.get('result{result="unexpected_status"}'), 0);
  const failures = last.get('failures_total') ?? 0;
  assert.ok(failures >= 1);
  assert.equal(last.get('probes_total{result="unexpected_status"}'), failures);
});

test('change: a result that is too old leaves, but for its counters and its time', async () => {
  await using server = await httpServer();
  const url = server.url();
  await using run = await startApp([target(url, OFTEN)], { entry: BREAKABLE_WORKER });
  await run.scrapeUntil((series) => seriesAbout(url, series).get('up') === 1, 'it is up');
  breakThread('hangs');
  const stale = await run.scrapeUntil((series) => !seriesAbout(url, series).has('up'), 'the result has left');
  assert.deepEqual(
    [...seriesAbout(url, stale).keys()],
    ['failures_total', 'last_probe_timestamp_seconds', 'probes_total{result="success"}'],
  );
});
