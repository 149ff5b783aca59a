import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import * as z from 'zod';
import { expositionName } from '../../../src/metrics/metric.ts';
import { OWN_METRICS } from '../../../src/metrics/own-metrics.ts';
import { TARGET_METRICS } from '../../../src/metrics/target-metrics.ts';
import { CHART } from '../../support/helm.ts';
import { run } from '../../support/program.ts';
import { need } from '../counterparts/need.ts';

const RULES = `${CHART}/files/rules.yaml`;
const CASES = fileURLToPath(new URL('rules.yaml', import.meta.url));
const NEEDS = need('promtool');

const ruleSchema = z.object({
  alert: z.string().optional(),
  record: z.string().optional(),
  expr: z.string(),
  labels: z.object({ severity: z.enum(['warning', 'critical']) }).optional(),
  annotations: z.object({ summary: z.string(), description: z.string() }).optional(),
});
const { groups } = z
  .object({ groups: z.array(z.object({ rules: z.array(ruleSchema) })) })
  .parse(parse(readFileSync(RULES, 'utf8')));
const rules = groups.flatMap((group) => group.rules);
const alerts = rules.filter(({ alert }) => alert !== undefined);

test('rules: promtool has nothing to say against them', NEEDS, async () => {
  const { exitCode, output } = await run('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', RULES]);
  assert.equal(exitCode, 0, output);
});

test('rules: every alert fires when it is to fire, and not when not', NEEDS, async () => {
  const { exitCode, output } = await run('promtool', ['test', 'rules', CASES]);
  assert.equal(exitCode, 0, output);
});

test('rules: every alert has a case, a severity and words', () => {
  const cases = readFileSync(CASES, 'utf8');
  for (const { alert = '', labels, annotations } of alerts) {
    assert.match(cases, new RegExp(`alertname: ${alert}\\n\\s+exp_alerts:\\n`), `${alert} never fires`);
    assert.ok(labels !== undefined && annotations !== undefined, alert);
  }
});

test('rules: they select one job, and no metric that is not there', () => {
  const names = [...TARGET_METRICS.map(expositionName), ...OWN_METRICS.map(expositionName), 'up'];
  const recorded = rules.flatMap(({ record }) => record ?? []);
  for (const { expr } of rules) {
    for (const [series, name = ''] of expr.matchAll(/\b([a-z_:0-9]+)\{[^}]*\}/g)) {
      assert.ok(names.includes(name), `there is no ${name}`);
      assert.match(series, /\{job="external-url-exporter"\}/);
    }
    for (const [name] of expr.matchAll(/\btarget:[a-z_:0-9]+/g)) assert.ok(recorded.includes(name), name);
  }
});
