import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PHASES } from '../../src/probe/result.ts';
import { certificateAuthority, issue } from '../support/certificates.ts';
import { parseExposition, sortedSamples } from '../support/exposition.ts';
import { type Handler, httpServer } from '../support/http-server.ts';
import { after } from '../support/raw-server.ts';
import { type Series, seriesAbout, startApp } from '../support/running-app.ts';
import { OFTEN, target } from '../support/target.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { tlsServer } from '../support/tls-server.ts';

const EXPECTED = readFileSync(new URL('../fixtures/scrape.txt', import.meta.url), 'utf8');

/** Answers `/503` with that status, as httpstat.us does. */
const httpstat: Handler = ({ url }, response) => {
  const code = Number(url.slice(1));
  response.writeHead(code).end(code === 200 ? '200 OK' : '503 Service Unavail');
};

function isUp(series: Series, ...urls: readonly string[]): boolean {
  return urls.every((url) => series.has(`sample_external_url_up{url="${url}"}`));
}

test('scrape: one URL that is up and one that is not come out as the user asked for', async () => {
  await using server = await httpServer(httpstat);
  const urls = [server.url('/200'), server.url('/503')];
  await using run = await startApp(urls.map((url) => target(url)));
  await run.scrapeUntil((series) => isUp(series, ...urls), 'both were probed');
  const lines = sortedSamples(await run.text()).filter((line) => line.startsWith('sample_'));
  const measured = /^(sample_external_url_(?:phase_ms|response_ms|last_probe_\w+){.*}) \d+(?:\.\d+)?$/;
  assert.deepEqual(
    lines.map((line) => line.replace(`:${server.port}/`, ':PORT/').replace(measured, '$1 123.4')),
    EXPECTED.trimEnd().split('\n'),
  );
});

test('scrape: the lines of a target have no label but url, phase and result, and its own', async () => {
  await using server = await httpServer(httpstat);
  const [plain, labelled] = [
    target(server.url('/200')),
    target(server.url('/200'), { labels: { team: 'core' } }),
  ];
  await using run = await startApp([plain, labelled]);
  await run.scrapeUntil((series) => isUp(series, plain.url), 'it was probed');
  const families = parseExposition(await run.text()).filter(({ name }) => name.startsWith('sample_'));
  const labels = families.flatMap(({ samples }) => samples.flatMap((sample) => [...sample.labels.keys()]));
  assert.deepEqual([...new Set(labels)].sort(), ['phase', 'result', 'team', 'url']);
  for (const { name, type, help } of families) {
    assert.equal(type, name.endsWith('_total') ? 'counter' : 'gauge');
    assert.ok(help);
  }
});

test('scrape: with every phase entered, the phases sum to the response time', async () => {
  const root = await certificateAuthority();
  await using folder = await tempFolder();
  const tls = { caFile: await folder.write('ca.pem', root.certPem) };
  await using server = await tlsServer(await issue({ by: root }));
  const url = `https://localhost:${server.port}/`;
  await using slow = await httpServer((_request, response) => after(80, response, () => response.end()));
  await using hangs = await httpServer((_request, response) => response.writeHead(200).write('half'));
  await using run = await startApp([
    target(url, { ...OFTEN, tls }),
    target(slow.url(), OFTEN),
    target(hangs.url(), OFTEN),
  ]);
  const urls = [url, slow.url(), hangs.url()];
  const enough = (series: Series) =>
    urls.every((each) => probes(seriesAbout(each, series)) >= 2) && isUp(series, ...urls);
  const series = await run.scrapeUntil((scraped) => {
    // At any time, not only at the end.
    for (const each of urls) phasesSum(seriesAbout(each, scraped));
    return enough(scraped);
  }, 'each was probed twice');
  const phases = PHASES.filter((phase) => seriesAbout(url, series).has(`phase_ms{phase="${phase}"}`));
  assert.deepEqual(phases, PHASES);
  assert.equal(seriesAbout(hangs.url(), series).get('result{result="body_timeout"}'), 1);
});

function phasesSum(about: Series): void {
  const responseMs = about.get('response_ms');
  if (responseMs === undefined) return;
  const parts = [...about].filter(([name]) => name.startsWith('phase_ms')).map(([, ms]) => ms);
  const sumMs = parts.reduce((sum, ms) => sum + ms, 0);
  assert.ok(Math.abs(sumMs - responseMs) < 0.1, `${parts.join(' + ')} is not ${responseMs}`);
}

function probes(about: Series): number {
  const counts = [...about].filter(([name]) => name.startsWith('probes_total'));
  return counts.reduce((sum, [, count]) => sum + count, 0);
}
