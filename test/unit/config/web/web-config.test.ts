import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultLine } from '../../../../src/config/fault.ts';
import { loadWebConfig, type WebConfig } from '../../../../src/config/web/web-config.ts';
import { certificateAuthority, issue } from '../../../support/certificates.ts';
import { type TempFolder, tempFolder } from '../../../support/temp-folder.ts';

const HASH = '$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG';
const NOT_A_HASH = 'is not a bcrypt hash of cost 4 to 16 (htpasswd -nBC 10 NAME makes one)';
const CERTIFICATES = 'tls_server_config: { cert_file: cert.pem, key_file: key.pem';

const authority = await certificateAuthority();
const leaf = await issue({ by: authority });
const other = await issue({ by: authority });

async function folderWithFiles(): Promise<TempFolder> {
  const folder = await tempFolder();
  await folder.write('cert.pem', leaf.chainPem);
  await folder.write('key.pem', leaf.keyPem);
  await folder.write('other.pem', other.keyPem);
  await folder.write('ca.pem', authority.certPem);
  return folder;
}

async function configOf(folder: TempFolder, text: string): Promise<WebConfig> {
  const loaded = await loadWebConfig(await folder.write('web.yml', text));
  if ('config' in loaded) return loaded.config;
  throw new Error(loaded.faults.map(faultLine).join('\n'));
}

test('web config: an empty map is plain HTTP for everybody', async () => {
  await using folder = await folderWithFiles();
  assert.deepEqual(await configOf(folder, '{}'), { headers: {}, users: {} });
});

test('web config: every key of the toolkit takes effect', async () => {
  await using folder = await folderWithFiles();
  const text = `
tls_server_config:
  cert_file: cert.pem
  key_file: ${folder.path}/key.pem
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.pem
  client_allowed_sans: [prometheus.test]
  min_version: TLS12
  max_version: TLS13
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]
  prefer_server_cipher_suites: false
  curve_preferences: [X25519, CurveP256]
http_server_config:
  http2: false
  headers:
    X-Frame-Options: deny
    X-XSS-Protection: ""
    Strict-Transport-Security: max-age=31536000
basic_auth_users:
  alice: ${HASH}
`;
  assert.deepEqual(await configOf(folder, text), {
    tls: {
      context: {
        cert: leaf.chainPem,
        key: leaf.keyPem,
        ca: authority.certPem,
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
        ciphers:
          'ECDHE-RSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
        ecdhCurve: 'X25519:P-256',
        honorCipherOrder: false,
      },
      clientAuth: 'RequireAndVerifyClientCert',
      clientAllowedSans: ['prometheus.test'],
    },
    headers: { 'X-Frame-Options': 'deny', 'Strict-Transport-Security': 'max-age=31536000' },
    users: { alice: HASH },
  });
});

test('web config: without more than certificates TLS 1.2 and 1.3 are spoken, and clients need none', async () => {
  await using folder = await folderWithFiles();
  const { tls } = await configOf(folder, `${CERTIFICATES} }`);
  assert.deepEqual(tls, {
    context: {
      cert: leaf.chainPem,
      key: leaf.keyPem,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      honorCipherOrder: true,
    },
    clientAuth: 'NoClientCert',
    clientAllowedSans: [],
  });
});

const bad: readonly [text: string, lines: readonly string[]][] = [
  ['', ['1:1: the file is empty ({} for plain HTTP without passwords)']],
  ['# nothing', ['1:1: the file is empty ({} for plain HTTP without passwords)']],
  ['[]', ['1:1: the file is not a map (tls_server_config, http_server_config, basic_auth_users)']],
  [
    'a: [',
    ['1:5: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
  ['tls_server_confg: {}', ['1:1: tls_server_confg: is not a known key (did you mean tls_server_config?)']],
  [
    'tls_server_config: {}',
    [
      '1:1: tls_server_config: has no cert_file (required)',
      '1:1: tls_server_config: has no key_file (required)',
    ],
  ],
  [
    'tls_server_config: { cert_file: none.pem, key_file: cert.pem, key_fil: x }',
    [
      '1:22: tls_server_config.cert_file: "none.pem" cannot be read: no such file or directory (a PEM file of a certificate and its issuers)',
      '1:43: tls_server_config.key_file: "cert.pem" contains no usable private key (a PEM file of a private key, without passphrase)',
      '1:63: tls_server_config.key_fil: is not a known key (did you mean key_file?)',
    ],
  ],
  [
    'tls_server_config: { cert_file: cert.pem, key_file: other.pem }',
    [
      '1:43: tls_server_config.key_file: "other.pem" does not match cert_file (the private key of its first certificate)',
    ],
  ],
  [
    `${CERTIFICATES}, client_ca_file: ca.pem }`,
    [
      '1:62: tls_server_config.client_ca_file: has no effect without client_auth_type (such as RequireAndVerifyClientCert)',
    ],
  ],
  [
    `${CERTIFICATES}, client_auth_type: Always }`,
    [
      '1:62: tls_server_config.client_auth_type: "Always" is not a policy for client certificates (NoClientCert, RequestClientCert, RequireAnyClientCert, RequireClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert)',
    ],
  ],
  [
    `${CERTIFICATES}, min_version: TLS13, max_version: TLS12 }`,
    ['1:62: tls_server_config.min_version: is higher than max_version (at most that)'],
  ],
  [
    `${CERTIFICATES}, curve_preferences: [P-256] }`,
    [
      '1:82: tls_server_config.curve_preferences[0]: "P-256" is not a group (CurveP256, CurveP384, CurveP521, X25519, X25519MLKEM768)',
    ],
  ],
  [
    'http_server_config:\n  http2: 1\n  headers: { X-Frame-Options: allow, X-Custom: a }',
    [
      '2:3: http_server_config.http2: 1 is not a boolean (true or false)',
      '3:14: http_server_config.headers.X-Frame-Options: "allow" is not allowed (deny, sameorigin)',
      '3:38: http_server_config.headers.X-Custom: is not a known key (Content-Security-Policy, X-Frame-Options, X-Content-Type-Options, X-XSS-Protection, Strict-Transport-Security)',
    ],
  ],
  [
    `basic_auth_users:\n  joe: hunter2\n  ann: ${HASH.replace('$10$', '$17$')}\n  "a:b": ${HASH}\n  bob: 5`,
    [
      `2:3: basic_auth_users.joe: the value ${NOT_A_HASH}`,
      `3:3: basic_auth_users.ann: the value ${NOT_A_HASH}`,
      '4:3: basic_auth_users["a…"]: "a…" is not a user name (without a colon)',
      `5:3: basic_auth_users.bob: the value ${NOT_A_HASH}`,
    ],
  ],
];

describe('web config: what is wrong, and where', () => {
  for (const [text, lines] of bad) {
    test(JSON.stringify(text.slice(0, 100)), async () => {
      await using folder = await folderWithFiles();
      const loaded = await loadWebConfig(await folder.write('web.yml', text));
      const found = 'faults' in loaded ? loaded.faults.map(faultLine) : [];
      assert.deepEqual(
        found,
        lines.map((line) => `${folder.path}/web.yml:${line}`),
      );
    });
  }
});

test('web config: a file that is not there is a fault', async () => {
  await using folder = await tempFolder();
  const loaded = await loadWebConfig(`${folder.path}/web.yml`);
  assert.deepEqual('faults' in loaded && loaded.faults.map(faultLine), [
    `${folder.path}/web.yml: cannot be read: no such file or directory (a YAML file)`,
  ]);
});
