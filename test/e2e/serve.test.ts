import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHASES } from '../../src/probe/result.ts';
import { DEFAULT_URLS } from '../../src/target/url.ts';
import { exporter } from '../support/exporter.ts';
import { parseExposition } from '../support/exposition.ts';
import { type Series, seriesAbout, seriesOf } from '../support/running-app.ts';
import { untilAnswer } from '../support/until.ts';

function phasesSum(about: Series): void {
  const parts = PHASES.map((phase) => about.get(`phase_ms{phase="${phase}"}`) ?? 0);
  const sumMs = parts.reduce((sum, ms) => sum + ms, 0);
  const responseMs = about.get('response_ms') ?? Number.NaN;
  assert.ok(Math.abs(sumMs - responseMs) < 0.1, `${parts.join(' + ')} is not ${responseMs}`);
}

test('serve: the demo logs its address, becomes ready and exports 1 and 0', async () => {
  await using service = await exporter(['--demo']);
  const ask = () => fetch(service.url('/-/ready'));
  await untilAnswer(ask, ({ status }) => status === 200, 'it is ready');
  const response = await fetch(service.url('/metrics/'));
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const body = await response.text();
  const families = parseExposition(body).filter(({ name }) => name.startsWith('sample_external_url_'));
  const samples = families.flatMap(({ samples: all }) => all);
  assert.deepEqual([...new Set(samples.flatMap(({ labels }) => [...labels.keys()]))].sort(), [
    'phase',
    'result',
    'url',
  ]);
  const urls = [...new Set(samples.map(({ labels }) => labels.get('url') ?? ''))];
  assert.equal(urls.length, 2);
  for (const [index, path] of ['/200', '/503'].entries()) {
    const url = urls[index] ?? '';
    assert.match(url, new RegExp(`^http://127\\.0\\.0\\.1:\\d+${path}$`));
    const about = seriesAbout(url, seriesOf(body));
    assert.equal(about.get('up'), path === '/200' ? 1 : 0);
    assert.equal(about.get('status_code'), Number(path.slice(1)));
    phasesSum(about);
  }
});

test('serve: the default URLs are probed whether there is a network or not, and the service goes on', async () => {
  await using service = await exporter([]);
  const [down = ''] = DEFAULT_URLS;
  const probed = /^sample_external_url_up{url="https:\/\/httpstat\.us\/\d+"}/;
  const series = seriesOf(await service.metricsUntil(probed, 2));
  for (const url of DEFAULT_URLS) {
    const about = seriesAbout(url, series);
    const [result] = [...about.keys()].filter((name) => name.startsWith('result{'));
    phasesSum(about);
    assert.equal(about.get('up'), Number(result === 'result{result="success"}'));
    if (/dns_(error|timeout)/.test(result ?? '')) {
      assert.deepEqual(
        [...about.keys()].filter((name) => /^(phase_ms|status)/.test(name)),
        ['phase_ms{phase="dns"}'],
      );
    }
  }
  assert.equal(seriesAbout(down, series).get('up'), 0);
  assert.equal((await fetch(service.url('/-/ready'))).status, 200);
  assert.equal((await fetch(service.url('/-/healthy'))).status, 200);
});

test('serve: /metrics is gzip for clients that accept it, and the rest is 404 and 405', async () => {
  await using service = await exporter(['--demo']);
  const zipped = await fetch(service.url('/metrics'), { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(zipped.headers.get('content-encoding'), 'gzip');
  parseExposition(await zipped.text());
  assert.equal((await fetch(service.url('/metrics'), { method: 'HEAD' })).status, 200);
  assert.equal((await fetch(service.url('/nothing'))).status, 404);
  assert.equal((await fetch(service.url('/metrics'), { method: 'POST' })).status, 405);
});
