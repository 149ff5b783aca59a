import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import * as z from 'zod';
import { run } from '../../support/program.ts';
import { need } from '../counterparts/need.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FILE = `${ROOT}/docker-compose.yml`;

const serviceSchema = z.looseObject({
  image: z.string(),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  mem_limit: z.string(),
  networks: z.array(z.string()),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  ports: z.array(z.string()).default([]),
});
const { services } = z
  .object({ services: z.record(z.string(), serviceSchema) })
  .parse(parse(readFileSync(FILE, 'utf8'), { merge: true }));

test('compose: docker-compose 1.29 loads the file', need('docker-compose'), async () => {
  const { exitCode, output } = await run('docker-compose', ['--file', FILE, 'config', '--quiet']);
  assert.equal(exitCode, 0, output);
});

test('compose: the whole stack is there, hardened and on one network', () => {
  assert.deepEqual(Object.keys(services).sort(), [
    'alertmanager',
    'collector',
    'exporter',
    'grafana',
    'prometheus',
  ]);
  for (const { networks } of Object.values(services)) assert.deepEqual(networks, ['monitoring']);
});

test('compose: every image is pinned to a version', () => {
  for (const { image } of Object.values(services))
    assert.match(image, /:v?\d+\.\d+\.\d+\}?$|:-\d+\.\d+\.\d+\}$/);
});

test('compose: nothing is served beyond this machine', () => {
  for (const port of Object.values(services).flatMap(({ ports }) => ports))
    assert.match(port, /^127\.0\.0\.1:/);
});

test('compose: every file that is mounted is in the repository', () => {
  for (const volume of Object.values(services).flatMap(({ volumes }) => volumes)) {
    const [path = ''] = volume.split(':');
    if (path.startsWith('.')) assert.ok(existsSync(`${ROOT}/${path}`), path);
  }
});

test('compose: Prometheus has a scraped and a pushed copy under two names', () => {
  const prometheus = parse(readFileSync(`${ROOT}/deploy/compose/prometheus/prometheus.yml`, 'utf8'));
  const [{ job_name }] = prometheus.scrape_configs;
  assert.equal(job_name, 'external-url-exporter');
  assert.match(JSON.stringify(services.exporter), /"OTEL_SERVICE_NAME":"external-url-exporter-pushed"/);
});

test('compose: Prometheus and the Collector take their configs', need('promtool', 'otelcol'), async () => {
  const folder = `${ROOT}/deploy/compose`;
  const checks = [
    run('promtool', ['check', 'config', '--syntax-only', `${folder}/prometheus/prometheus.yml`]),
    run('otelcol', ['validate', `--config=file:${folder}/collector/config.yaml`]),
  ];
  for (const { exitCode, output } of await Promise.all(checks)) assert.equal(exitCode, 0, output);
});
