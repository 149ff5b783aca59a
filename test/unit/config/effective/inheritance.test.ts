import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultConcurrency } from '../../../../src/config/effective/inheritance.ts';
import type { LoadOptions } from '../../../../src/config/load.ts';
import { configOf } from '../../../support/load-text.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

test('load: every setting reaches its target, from the top level or from the target', async () => {
  await using folder = await tempFolder();
  const settings = {
    labels: { team: 'a' },
    interval: '1m30s',
    timeout: '2s',
    method: 'post',
    headers: { Accept: 'text/html' },
    body: 'hello',
    follow_redirects: false,
    max_redirects: 3,
    expect: { status: [204, '3xx', '400-404'] },
    max_body_size: '1KiB',
    tls: { server_name: 'b', insecure_skip_verify: true, min_version: 'TLS12', max_version: 'TLS13' },
  };
  const onTop = await configOf(folder, JSON.stringify({ ...settings, targets: ['https://a'] }));
  const onTarget = await configOf(folder, JSON.stringify({ targets: [{ url: 'https://a', ...settings }] }));
  assert.deepEqual(onTop.targets, onTarget.targets);
  assert.deepEqual(onTop.targets[0], {
    key: '["https://a",["team","a"]]',
    url: 'https://a',
    labels: { team: 'a' },
    intervalMs: 90_000,
    timeoutMs: 2000,
    method: 'POST',
    headers: { Accept: 'text/html' },
    body: 'hello',
    followRedirects: false,
    maxRedirects: 3,
    maxBodyBytes: 1024,
    expect: {
      status: [
        [204, 204],
        [300, 399],
        [400, 404],
      ],
      headers: [],
      body: [],
      json: [],
    },
    tls: { serverName: 'b', insecureSkipVerify: true, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' },
    ipVersion: 'auto',
    dnsServers: [],
    addresses: { deny: [], allow: [] },
  });
});

const timeouts: readonly [string, string, Partial<LoadOptions>, readonly [number, number]][] = [
  ['the default', '', {}, [10_000, 5000]],
  ['the default, where 90 % of the interval is less', 'interval: 2s', {}, [2000, 1800]],
  ['one of the top level', 'timeout: 7s', {}, [10_000, 7000]],
  ['one that equals the interval', 'timeout: 10s', {}, [10_000, 10_000]],
  ['one of the top level above the interval', '{timeout: 7s, interval: 1s}', {}, [1000, 900]],
  [
    'flags over the top level',
    '{timeout: 7s, interval: 20s}',
    { probeTimeoutMs: 2000, probeIntervalMs: 9000 },
    [9000, 2000],
  ],
  ['a flag above the interval', '', { probeTimeoutMs: 20_000 }, [10_000, 9000]],
];

for (const [name, top, sources, expected] of timeouts) {
  test(`load: the timeout of a target without one is ${name}`, async () => {
    await using folder = await tempFolder();
    const [target] = (
      await configOf(
        folder,
        `${top}\n`.startsWith('{')
          ? top.replace('}', ', targets: [https://a]}')
          : `targets: [https://a]\n${top}`,
        { sources },
      )
    ).targets;
    assert.deepEqual([target?.intervalMs, target?.timeoutMs], expected);
  });
}

test("load: a target's own interval and timeout win over the flags", async () => {
  await using folder = await tempFolder();
  const text = 'targets: [{url: https://a, interval: 3s, timeout: 3s}, {url: https://b, interval: 1s}]';
  const sources = { probeIntervalMs: 60_000, probeTimeoutMs: 30_000 };
  const { targets, warnings } = await configOf(folder, text, { sources });
  assert.deepEqual(
    targets.map(({ intervalMs, timeoutMs }) => [intervalMs, timeoutMs]),
    [
      [3000, 3000],
      [1000, 900],
    ],
  );
  assert.deepEqual(warnings, [
    'the timeout of 30s is cut to 90 % of the interval for 1 targets, such as https://b',
  ]);
});

test('load: a setting of a target replaces that of the top level as a whole', async () => {
  await using folder = await tempFolder();
  const text = `headers: {A: a, B: b}
tls: {insecure_skip_verify: true}
body: hello
targets:
  - {url: https://a, headers: {C: c}, tls: {server_name: x}, body_file: config.yml}
  - https://b
`;
  const { targets, warnings } = await configOf(folder, text);
  const [own, inherited] = targets;
  assert.deepEqual([own?.headers, own?.tls], [{ C: 'c' }, { serverName: 'x', insecureSkipVerify: false }]);
  assert.deepEqual([own?.body, own?.bodyFile], [undefined, `${folder.path}/config.yml`]);
  assert.equal(inherited?.body, 'hello');
  assert.deepEqual(warnings, [
    'certificates are not verified (insecure_skip_verify) for 1 targets, such as https://b',
  ]);
});

const HEAD = 'Limit                     Soft Limit           Hard Limit           Units     \n';

const limits: readonly [string, string, number][] = [
  [
    '80 % of the soft limit',
    `${HEAD}Max open files            1024                 524288               files     \n`,
    819,
  ],
  [
    'one at least',
    `${HEAD}Max open files            1                    1                    files     \n`,
    1,
  ],
  [
    '2000 if there is no limit',
    `${HEAD}Max open files            unlimited            unlimited            files     \n`,
    2000,
  ],
  ['2000 if the limit is unknown', '', 2000],
];

for (const [name, text, expected] of limits) {
  test(`concurrency: ${name}`, () => assert.equal(defaultConcurrency(text), expected));
}

test('concurrency: is found on this machine', () => {
  assert.ok(defaultConcurrency() >= 1);
});
