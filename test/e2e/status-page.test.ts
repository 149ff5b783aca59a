import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { RESULTS } from '../../src/probe/result.ts';
import { needChromium, openPage } from '../support/browser.ts';
import { exporter } from '../support/exporter.ts';
import { httpServer } from '../support/http-server.ts';
import { untilAnswer } from '../support/until.ts';

const OPTIONS = { ...needChromium(), timeout: 120_000 };

test(
  'status page: it renders, follows a target that goes down and comes back, and has no errors',
  OPTIONS,
  async () => {
    let status = 200;
    await using changing = await httpServer((_request, response) => response.writeHead(status).end('ok'));
    await using steady = await httpServer();
    await using probing = await exporter(['--probe.interval=2s', changing.url('/a'), steady.url('/b')]);
    await probing.metricsUntil(/^sample_external_url_up\S* 1/, 2);
    await using opened = await openPage(probing.url('/'));
    const { page, complaints } = opened;
    const row = page.locator('tbody tr', { hasText: changing.url('/a') });
    assert.equal(await page.locator('#summary').textContent(), 'All 2 targets are up');
    assert.match((await row.textContent()) ?? '', /▲ Up.*success.* ms.*200/s);
    assert.equal(await row.locator('svg.history path.good').count(), 1);
    assert.ok((await row.locator('svg.phases rect').count()) >= 3);

    const filter = page.getByRole('searchbox', { name: 'Filter' });
    await filter.focus();
    const start = await page.evaluate(() => performance.timeOrigin);
    status = 503;
    await page.getByText('1 of 2 targets down').waitFor();
    const down = (await row.textContent()) ?? '';
    assert.match(down, /▼ Down.*unexpected_status.*503/s);
    assert.ok(down.includes(RESULTS.unexpected_status));
    assert.equal(
      await page.locator('tbody tr').first().getAttribute('class'),
      'down',
      'what is down comes first',
    );
    assert.equal(await page.title(), '1 down · external-url-exporter');
    status = 200;
    await page.getByText('All 2 targets are up').waitFor();

    const again = {
      start: await page.evaluate(() => performance.timeOrigin),
      focused: await page.locator(':focus').getAttribute('id'),
    };
    assert.deepEqual(again, { start, focused: 'q' }, 'neither loaded again nor out of focus');
    assert.deepEqual(complaints, []);
  },
);

test('status page: it filters and sorts, by mouse and by keyboard', OPTIONS, async () => {
  await using good = await httpServer();
  await using bad = await httpServer((_request, response) => response.writeHead(500).end());
  await using probing = await exporter([good.url('/a'), good.url('/b'), bad.url('/c')]);
  await probing.metricsUntil(/^sample_external_url_up\S* [01]/, 3);
  await using opened = await openPage(probing.url('/'));
  const { page, complaints } = opened;
  const rows = page.locator('tbody tr');
  const shown = (count: number) => untilCount(rows, count);
  await shown(3);

  await page.getByRole('searchbox').fill('/a');
  await shown(1);
  assert.match(page.url(), /\?q=%2Fa$/);
  await page.getByRole('searchbox').fill('');
  await shown(3);

  await page.getByRole('link', { name: /^Down/ }).press('Enter');
  await shown(1);
  assert.match((await rows.first().textContent()) ?? '', /unexpected_status/);
  await page.getByRole('link', { name: /^All/ }).click();
  await shown(3);

  await page.getByRole('link', { name: 'Target', exact: true }).click();
  await page
    .getByRole('columnheader', { name: 'Target' })
    .and(page.locator('[aria-sort=ascending]'))
    .waitFor();
  const urls = await page.locator('tbody tr th a').allTextContents();
  assert.deepEqual(urls, urls.toSorted());
  assert.deepEqual(complaints, []);
});

test('status page: an exporter that is gone is reported, and updates can be paused', OPTIONS, async () => {
  await using server = await httpServer();
  const probing = await exporter([server.url()]);
  await using opened = await openPage(probing.url('/'));
  const { page } = opened;
  const pause = page.getByRole('button', { name: 'Pause updates' });
  await pause.click();
  assert.equal(await pause.getAttribute('aria-pressed'), 'true');
  await probing[Symbol.asyncDispose]();
  await pause.click();
  await page.getByText('Not up to date: the exporter cannot be reached').waitFor();
});

/** The page's policy forbids the library's own way of waiting, which evaluates text. */
async function untilCount(rows: Locator, count: number): Promise<void> {
  await untilAnswer(
    () => rows.count(),
    (found) => found === count,
    `there are ${count} rows`,
  );
}
