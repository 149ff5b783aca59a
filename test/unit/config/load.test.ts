import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../../src/config/config.ts';
import { type LoadOptions, makeLoader } from '../../../src/config/load.ts';
import { configOf, faultLinesOf } from '../../support/load-text.ts';
import { tempFolder } from '../../support/temp-folder.ts';

async function withoutFile(options: Partial<LoadOptions>): Promise<Config> {
  const loaded = await makeLoader({ urls: [], ...options }, {}).load();
  assert.ok('config' in loaded);
  return loaded.config;
}

function urls({ targets }: Config): readonly string[] {
  return targets.map(({ url }) => url);
}

const DEMO = ['http://127.0.0.1:1/200', 'http://127.0.0.1:1/503'];
const FILE = 'targets: [https://file]\n';

test('load: the default URLs apply only when nothing else names any', async () => {
  await using folder = await tempFolder();
  assert.deepEqual(urls(await withoutFile({})), ['https://httpstat.us/503', 'https://httpstat.us/200']);
  assert.deepEqual(urls(await withoutFile({ urls: ['https://a'] })), ['https://a']);
  assert.deepEqual(urls(await withoutFile({ demoUrls: DEMO })), DEMO);
  assert.deepEqual(urls(await configOf(folder, 'targets: []')), []);
});

test('load: the URLs of the demo stand beside those that were given', async () => {
  await using folder = await tempFolder();
  assert.deepEqual(urls(await withoutFile({ urls: ['https://a'], demoUrls: DEMO })), ['https://a', ...DEMO]);
  const config = await configOf(folder, FILE, { sources: { demoUrls: DEMO } });
  assert.deepEqual(urls(config), ['https://file', ...DEMO]);
});

test('load: URLs that are given replace those of the file, and take its settings', async () => {
  await using folder = await tempFolder();
  const around = { sources: { urls: ['https://a'] } };
  const [target, ...others] = (await configOf(folder, `${FILE}method: HEAD`, around)).targets;
  assert.deepEqual([target?.url, target?.method, others.length], ['https://a', 'HEAD', 0]);
  assert.deepEqual(urls(await configOf(folder, 'interval: 1s', around)), ['https://a']);
});

test('load: a target has every default', async () => {
  const [target] = (await withoutFile({ urls: ['https://a'] })).targets;
  assert.deepEqual(target, {
    key: '["https://a"]',
    url: 'https://a',
    labels: {},
    intervalMs: 10_000,
    timeoutMs: 5000,
    method: 'GET',
    headers: {},
    followRedirects: true,
    maxRedirects: 10,
    maxBodyBytes: 10_485_760,
    expect: { status: [[200, 200]], headers: [], body: [], json: [] },
    tls: { insecureSkipVerify: false },
    ipVersion: 'auto',
    dnsServers: [],
    addresses: { deny: [], allow: [] },
  });
});

test('load: the same URL with other labels is another target', async () => {
  await using folder = await tempFolder();
  const text = 'targets: [https://a, {url: https://a, labels: {x: "1"}}, {url: https://a/}]';
  assert.equal(new Set((await configOf(folder, text)).targets.map(({ key }) => key)).size, 3);
});

test('load: variables fill in strings, and two dollars are one', async () => {
  await using folder = await tempFolder();
  const text =
    'headers: {A: "Bearer $' + '{T}", B: "$$' + '{T}", C: $1}\ntargets: ["https://$' + '{HOST}/$$"]';
  const [target] = (await configOf(folder, text, { env: { T: '$&', HOST: 'a' } })).targets;
  assert.deepEqual(target?.headers, { A: 'Bearer $&', B: '$' + '{T}', C: '$1' });
  assert.equal(target?.url, 'https://a/$');
});

test('load: anchors, aliases and << make settings shared', async () => {
  await using folder = await tempFolder();
  const text =
    'targets:\n  - &a {url: https://a, interval: 3s, headers: &h {X: y}}\n  - {<<: *a, url: https://b}\n  - {url: https://c, headers: *h}\n';
  const [, second, third] = (await configOf(folder, text)).targets;
  assert.deepEqual([second?.intervalMs, second?.headers, third?.headers], [3000, { X: 'y' }, { X: 'y' }]);
});

test('load: a thousand targets share what is equal', async () => {
  await using folder = await tempFolder();
  const targets = Array.from(
    { length: 1000 },
    (_, n) => `  - {url: "https://a/${n}", tls: *t, expect: {status: [204]}}`,
  );
  const { targets: loaded } = await configOf(
    folder,
    `tls: &t {server_name: x}\ntargets:\n${targets.join('\n')}\n`,
  );
  assert.equal(loaded.length, 1000);
  for (const key of ['tls', 'headers', 'expect', 'addresses'] as const) {
    assert.equal(new Set(loaded.map((target) => target[key])).size, 1, key);
  }
});

test('load: a target file that is right has no faults, and none but its own folder in its paths', async () => {
  await using folder = await tempFolder();
  await folder.write('body.json', '{}');
  assert.deepEqual(await faultLinesOf(folder, `${FILE}body_file: ./body.json`), []);
  const [target] = (await configOf(folder, `${FILE}body_file: ./body.json`)).targets;
  assert.equal(target?.bodyFile, `${folder.path}/body.json`);
});

test('load: the targets of a target file follow those of the config file, each once', async () => {
  await using folder = await tempFolder();
  await folder.write('t.yml', '[{targets: [https://file, https://b]}]');
  const config = await configOf(folder, `${FILE}target_files: [t.yml]`);
  assert.deepEqual(urls(config), ['https://file', 'https://b']);
  assert.deepEqual(config.warnings, ['a target file repeats https://file, which is probed only once']);
});

test('load: a reload of the same files makes targets of equal content', async () => {
  await using folder = await tempFolder();
  const configFile = await folder.write('config.yml', `${FILE}target_files: [t.yml]`);
  await folder.write('t.yml', '[{targets: [https://b], labels: {a: b}}]');
  const loader = makeLoader({ urls: [], configFile }, {});
  const [first, second] = [await loader.load(), await loader.load()];
  assert.ok('config' in first && 'config' in second);
  assert.deepEqual(first.config.targets, second.config.targets);
});
