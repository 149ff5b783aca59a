import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as z from 'zod';
import { dashboardText } from '../../../deploy/dashboard/dashboard.ts';
import { exporter } from '../../support/exporter.ts';
import { CHART } from '../../support/helm.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { need } from '../counterparts/need.ts';
import { prometheus } from '../counterparts/prometheus.ts';

type Panel = { readonly title: string; readonly expressions: readonly string[] };

const panelSchema = z.looseObject({
  title: z.string(),
  type: z.string(),
  targets: z.array(z.looseObject({ expr: z.string() })).default([]),
});
const pageSchema = z.looseObject({ panels: z.array(panelSchema) });
const panels: readonly Panel[] = pageSchema
  .parse(JSON.parse(dashboardText()))
  .panels.filter(({ type }) => type !== 'row')
  .map(({ title, targets }) => ({ title, expressions: targets.map(({ expr }) => expr) }));

// What Grafana puts in the place of its variables.
const VARIABLES: readonly (readonly [variable: string, text: string])[] = [
  ['$job', 'external-url-exporter'],
  ['$instance', '.*'],
  ['$url', '.*'],
  ['$__range', '1h'],
  ['$__rate_interval', '5s'],
];

test('dashboard: the file in the chart is what the code makes (if not: npm run chart)', () => {
  const file = readFileSync(`${CHART}/files/dashboard.json`, 'utf8');
  assert.deepEqual(JSON.parse(file), JSON.parse(dashboardText()));
});

test('dashboard: every panel asks something, and selects the job', () => {
  assert.ok(panels.length >= 12);
  for (const { title, expressions } of panels) {
    assert.ok(expressions.length > 0, title);
    for (const expression of expressions) assert.match(expression, /\{job=~"\$job"/, title);
  }
});

test(
  'dashboard: every query finds something in a Prometheus that scrapes the exporter',
  need('prometheus'),
  async () => {
    await using files = new AsyncDisposableStack();
    const folder = files.use(await tempFolder());
    const config = await folder.write(
      'config.yml',
      'histogram_buckets_ms: [1, 10, 100]\ninterval: 1s\ntargets: []\n',
    );
    const probing = files.use(await exporter(['--demo', `--config.file=${config}`]));
    const server = files.use(
      await prometheus(
        `scrape_configs: [{ job_name: external-url-exporter, scrape_interval: 1s, static_configs: [{ targets: ['${probing.authority}'] }] }]`,
      ),
    );
    // Such as that of certificates: the stand-in speaks no TLS.
    const silent = /certificate_expiry/;
    for (const { title, expressions } of panels) {
      for (const expression of expressions.map(filledIn)) {
        const isThere = (found: readonly unknown[]) => found.length > 0 || silent.test(expression);
        await server.queryUntil(expression, isThere, `there is data for ${title}: ${expression}`);
      }
    }
  },
);

function filledIn(expression: string): string {
  return VARIABLES.reduce((text, [variable, value]) => text.replaceAll(variable, value), expression);
}
