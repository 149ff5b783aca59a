import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printConfig } from '../../../src/config/print.ts';
import { runs } from '../../support/fuzz.ts';
import { type Around, configOf } from '../../support/load-text.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';

const TOP = `labels: {}
interval: 10s
timeout: 5s
method: GET
headers: {}
follow_redirects: true
max_redirects: 10
expect:
  status:
    - 200
max_body_size: 10MiB
tls_config:
  insecure_skip_verify: false
ip_version: auto
dns_servers: []
no_proxy: []
proxy_from_environment: false
deny_addresses: []
allow_addresses: []
concurrency: 5
target_files: []
`;

async function printed(folder: TempFolder, text: string, around: Around = {}): Promise<string> {
  return printConfig(await configOf(folder, text, around));
}

test('print: shows every default, and of a target what it sets itself', async () => {
  await using folder = await tempFolder();
  const text = 'concurrency: 5\ntargets: [https://a, {url: https://b, expect: {status: [2xx, 300-302]}}]';
  assert.equal(
    await printed(folder, text),
    `${TOP}targets:
  - url: https://a
  - url: https://b
    expect:
      status:
        - 2xx
        - 300-302
`,
  );
});

test('print: hides headers, the body, and what the environment put anywhere but in URL and labels', async () => {
  await using folder = await tempFolder();
  const text = `concurrency: 5
targets:
  - url: https://a/$\{S}
    labels: { team: "$\{S}" }
    headers: { A: visible-secret }
    body: visible-secret
    method: $\{S}
    no_proxy: $\{S}.test,.$\{S}
    expect: { status: [200, "$\{STATUS}"] }
`;
  const shown = await printed(folder, text, { env: { S: 'public', STATUS: '418' } });
  assert.equal(
    shown,
    `${TOP}targets:
  - url: https://a/public
    labels:
      team: public
    method: <secret>
    headers:
      A: <secret>
    body: <secret>
    expect:
      status:
        - 200
        - <secret>
    no_proxy:
      - <secret>
      - <secret>
`,
  );
});

test('print: shows what flags and other URLs made of the file', async () => {
  await using folder = await tempFolder();
  const text = 'concurrency: 5\ninterval: $' + '{I}\ntargets: [{url: https://a, method: "$' + '{M}"}]';
  const around = { env: { I: '1m', M: 'HEAD' }, sources: { urls: ['https://b'], probeTimeoutMs: 7000 } };
  const shown = await printed(folder, text, around);
  assert.equal(
    shown,
    `${TOP.replace('interval: 10s', 'interval: <secret>').replace('5s', '7s')}targets:\n  - url: https://b\n`,
  );
});

for (const text of [
  ' \n',
  '\n',
  ' \n a\n',
  '\t\n',
  'a\n \n',
  '\n\n b',
  '$',
  '"\u2028',
  '\ufeff',
  '\0',
  '# a',
]) {
  test(`print: the label ${JSON.stringify(text)} is printed so that it loads as it was`, async () => {
    await using folder = await tempFolder();
    const written = JSON.stringify(text.replaceAll('$', '$$$$'));
    const again = await configOf(folder, await printed(folder, `targets: []\nlabels: {a: ${written}}`));
    assert.equal(again.settings.global.labels.a, text);
  });
}

test('print: what it prints loads as the same targets', async () => {
  await using folder = await tempFolder();
  await folder.write('body', 'hello');
  const text = fc.string().filter((value) => value !== '');
  const duration = fc.integer({ min: 100, max: 30_000 }).map((ms) => `${ms}ms`);
  const settings = fc.record(
    {
      labels: fc.dictionary(fc.constantFrom('a', 'b'), text),
      interval: duration,
      method: fc.constantFrom('GET', 'post'),
      body_file: fc.constant('body'),
      follow_redirects: fc.boolean(),
      max_redirects: fc.nat({ max: 100 }),
      expect: fc.record({ status: fc.constant([200, '4xx', '500-501']) }, { requiredKeys: [] }),
      max_body_size: fc.constantFrom('1B', '1GiB', '1500KiB'),
      tls: fc.record(
        { server_name: fc.constant('x'), min_version: fc.constant('TLS11') },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
  const top = fc
    .tuple(settings, fc.option(duration))
    .map(([rest, timeout]) => ({ ...rest, ...(timeout && { timeout }) }));
  await fc.assert(
    fc.asyncProperty(top, fc.array(settings, { maxLength: 4 }), async (file, targets) => {
      const numbered = targets.map((own, index) => ({ url: `https://a/$/${index}`, ...own }));
      const around = { env: {} };
      const escaped = JSON.stringify({ ...file, targets: numbered }).replaceAll('$', '$$$$');
      const first = await configOf(folder, escaped, around);
      const second = await configOf(folder, printConfig(first), around);
      assert.deepEqual(second.targets, first.targets);
      assert.equal(printConfig(second), printConfig(first));
    }),
    runs(25),
  );
});
