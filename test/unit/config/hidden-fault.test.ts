import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommandLine } from '../../../src/config/command-line/command-line.ts';
import { faultLine } from '../../../src/config/fault.ts';
import { loadWebConfig } from '../../../src/config/web/web-config.ts';
import { faultLinesOf } from '../../support/load-text.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const ENV = { SECRET: 'hunter2' };
const FILLED = '$' + '{SECRET}';

/** Settings of a target, each with a fault where a secret stands. */
const settings: readonly string[] = [
  'basic_auth: hunter2',
  'basic_auth: {username: joe, password:hunter2}',
  'basic_auth:\n  password:hunter2',
  'basic_auth: {password: [hunter2]}',
  'basic_auth: {password: *hunter2}',
  'basic_auth: {password: !hunter2}',
  'basic_auth: {password: !hunter2 x}',
  'basic_auth: {password: !<hunter2> x}',
  'basic_auth: {password: "hunter2\\q"}',
  'basic_auth: {password: "\\xhunter2"}',
  'basic_auth: {password: @hunter2}',
  'basic_auth:\n  password: |hunter2',
  'basic_auth:\n  username: joe\n password: hunter2',
  'basic_auth: {passwrod: hunter2}',
  'authorization: Bearer hunter2',
  'authorization: {type: Bearer hunter2}',
  'authorization:\n  type: Basic\n  credentials: hunter2',
  'oauth2: hunter2',
  'oauth2: {endpoint_params: {a: [hunter2]}}',
  'oauth2: {client_id: a, client_secret: {is: hunter2}, token_url: "http://joe:hunter2@a/"}',
  'headers: "X-Key: hunter2"',
  'headers: ["X-Key: hunter2"]',
  'headers: {X-Key:hunter2}',
  'headers: {"X-Key hunter2": ""}',
  'headers: {X-Key: "hunter2\\n"}',
  'body: [hunter2]',
  'proxy_url: "http://joe:hunter2"',
  'proxy_url: "socks5://joe:hunter2@proxy:1080"',
  'tls_config: {key_file: "-----BEGIN PRIVATE KEY-----\\nhunter2\\n"}',
  '"http://joe:hunter2@a/": x',
  `interval: "${FILLED}"`,
  `no_proxy: [5, "${FILLED}"]`,
  `dns_servers: ["${FILLED}"]`,
  `tls_config: {ca_file: "${FILLED}"}`,
  `expect: {status: ["${FILLED}"]}`,
  `expect: {body: [{matches: "(${FILLED}"}]}`,
  `expect: {headers: [{name: A, not_matches: "(${FILLED}"}]}`,
  `expect: {json: ["${FILLED} + 1 == 2"]}`,
];

for (const text of settings) {
  test(`fault: what is said of ${JSON.stringify(text)} does not repeat the secret`, async () => {
    await using folder = await tempFolder();
    const target = `targets:\n  - url: https://a\n${text.replace(/^/gm, '    ')}\n`;
    const lines = await faultLinesOf(folder, target, { env: ENV });
    assert.notDeepEqual(lines, []);
    assert.doesNotMatch(lines.join('\n'), /hunter2/);
  });
}

const webConfigs: readonly string[] = [
  'basic_auth_users: joe:hunter2',
  'basic_auth_users: {joe:hunter2}',
  'basic_auth_users: {joe: hunter2}',
  'basic_auth_users: {joe: [hunter2]}',
  'basic_auth_users: {joe: *hunter2}',
  'basic_auth_user: {joe: hunter2}',
  'tls_server_config: {cert_file: a, key_file: "-----BEGIN PRIVATE KEY-----\\nhunter2"}',
];

for (const text of webConfigs) {
  test(`fault: of the web config ${JSON.stringify(text)} the secret is not repeated`, async () => {
    await using folder = await tempFolder();
    const loaded = await loadWebConfig(await folder.write('web.yml', text));
    const lines = 'faults' in loaded ? loaded.faults.map(faultLine) : [];
    assert.notDeepEqual(lines, []);
    assert.doesNotMatch(lines.join('\n'), /hunter2/);
  });
}

const commandLines: readonly [readonly string[], Readonly<Record<string, string>>][] = [
  [['https://joe:hunter2@a/'], {}],
  [['--https://joe:hunter2@a/'], {}],
  [['--password=hunter2'], {}],
  [[], { TARGETS: 'https://joe:hunter2 @a/' }],
  [[], { OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' }],
  [[], { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://joe:hunter2@a/' }],
  [[], { OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://a/?key=hunter2' }],
];

for (const [args, env] of commandLines) {
  test(`fault: of ${JSON.stringify([...args, env])} the secret is not repeated`, () => {
    const parsed = parseCommandLine(args, env);
    assert.ok('faults' in parsed);
    assert.doesNotMatch(parsed.faults.join('\n'), /hunter2/);
  });
}
