import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familiesOf, interleave } from '../../../../src/probe/dns/address.ts';
import { hostsEntry, parseHosts } from '../../../../src/probe/dns/hosts.ts';

const hosts = parseHosts(
  [
    '127.0.0.1 localhost Box # me',
    '::1\tlocalhost',
    '#1.1.1.1 gone',
    'nonsense x',
    '127.0.0.1 localhost',
  ].join('\n'),
);

test('hosts file: a name has the addresses of all its lines, once each, whatever its case', () => {
  assert.deepEqual(hosts.get('localhost'), [
    { ip: '127.0.0.1', family: 4 },
    { ip: '::1', family: 6 },
  ]);
  assert.deepEqual(hosts.get('box'), [{ ip: '127.0.0.1', family: 4 }]);
});

test('hosts file: comments and lines without an address name nothing', () => {
  assert.deepEqual([...hosts.keys()], ['localhost', 'box']);
});

test('hosts file: localhost and what is below it are the loopback, whatever the file says', () => {
  assert.ok(hostsEntry('localhost')?.some(({ ip }) => ip === '127.0.0.1'));
  assert.ok(hostsEntry('app.localhost')?.some(({ ip }) => ip === '127.0.0.1'));
  assert.equal(hostsEntry('localhost.example'), undefined);
});

test('addresses: the families take turns, IPv6 first, and the rest of the longer one follows', () => {
  const v4 = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((ip) => ({ ip, family: 4 }) as const);
  const v6 = [{ ip: '::1', family: 6 }] as const;
  assert.deepEqual(interleave([...v4, ...v6]), [v6[0], ...v4]);
  assert.deepEqual(interleave(v4), v4);
  assert.deepEqual(interleave([]), []);
});

test('addresses: ip_version 4 and 6 are strict', () => {
  assert.deepEqual(
    ['auto', '4', '6'].map((version) => familiesOf(version === '4' ? '4' : version === '6' ? '6' : 'auto')),
    [[6, 4], [4], [6]],
  );
});
