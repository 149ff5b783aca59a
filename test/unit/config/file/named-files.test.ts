import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Certificate, certificateAuthority } from '../../../support/certificates.ts';
import { faultLinesOf } from '../../../support/load-text.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

let one: Certificate;
let other: Certificate;

before(async () => {
  one = await certificateAuthority();
  other = await certificateAuthority();
});

const BROKEN = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

const cases: readonly [string, string, readonly string[]][] = [
  ['a CA that is one', 'ca_file: one.pem', []],
  ['a certificate with its key', 'cert_file: one.pem, key_file: one.key', []],
  ['several CAs', 'ca_file: both.pem', []],
  [
    'a CA file that is a key',
    'ca_file: one.key',
    ['2:7: tls.ca_file: "one.key" contains no certificate (a PEM file of CA certificates)'],
  ],
  [
    'a CA file with a broken certificate',
    'ca_file: broken.pem',
    [
      '2:7: tls.ca_file: "broken.pem" contains an invalid certificate, number 2 (a PEM file of CA certificates)',
    ],
  ],
  [
    'a CA file that is a folder',
    'ca_file: .',
    [
      '2:7: tls.ca_file: "." cannot be read: illegal operation on a directory (a PEM file of CA certificates)',
    ],
  ],
  [
    'a key of another certificate',
    'cert_file: one.pem, key_file: other.key',
    ['2:27: tls.key_file: "other.key" does not match cert_file (the private key of its first certificate)'],
  ],
  [
    'a key file without a key',
    'cert_file: one.pem, key_file: one.pem',
    [
      '2:27: tls.key_file: "one.pem" contains no usable private key (a PEM file of a private key, without passphrase)',
    ],
  ],
  ['a certificate alone', 'cert_file: one.pem', ['2:7: tls.cert_file: needs key_file (both, or neither)']],
  ['a key alone', 'key_file: one.key', ['2:7: tls.key_file: needs cert_file (both, or neither)']],
  [
    'files that are not there',
    'cert_file: a, key_file: b',
    [
      '2:7: tls.cert_file: "a" cannot be read: no such file or directory (a PEM file of a certificate and its issuers)',
      '2:21: tls.key_file: "b" cannot be read: no such file or directory (a PEM file of a private key, without passphrase)',
    ],
  ],
  [
    'a path from the environment',
    'ca_file: "$' + '{NOWHERE}"',
    ['2:7: tls.ca_file: the value cannot be read: no such file or directory (a PEM file of CA certificates)'],
  ],
];

for (const [name, tls, lines] of cases) {
  test(`files: ${name}`, async () => {
    await using folder = await tempFolder();
    await folder.write('one.pem', one.certPem);
    await folder.write('one.key', one.keyPem);
    await folder.write('other.key', other.keyPem);
    await folder.write('both.pem', `# two\n${one.certPem}\n${other.certPem}`);
    await folder.write('broken.pem', `${one.certPem}\n${BROKEN}`);
    const text = `targets: [https://a]\ntls: {${tls}}`;
    const found = await faultLinesOf(folder, text, { env: { NOWHERE: 'hunter2' } });
    const shown = found.map((line) => line.replace(`"${folder.path}"`, '"."'));
    assert.deepEqual(
      shown,
      lines.map((line) => `config.yml:${line}`),
    );
  });
}

test('files: a body that is not there', async () => {
  await using folder = await tempFolder();
  assert.deepEqual(await faultLinesOf(folder, 'targets: [{url: https://a, body_file: no}]'), [
    'config.yml:1:28: targets[0].body_file: "no" cannot be read: no such file or directory (a file with the body)',
  ]);
});
