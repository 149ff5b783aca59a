import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { denied } from '../../../../src/probe/connect/policy.ts';

const NONE = { deny: [], allow: [] };

const builtIn: [ip: string, cidr: string | undefined][] = [
  ['169.254.169.254', '169.254.0.0/16'],
  ['::ffff:169.254.169.254', '169.254.0.0/16'],
  ['::169.254.169.254', '169.254.0.0/16'],
  ['64:ff9b::a9fe:a9fe', '169.254.0.0/16'],
  ['2002:a9fe:a9fe::1', '169.254.0.0/16'],
  ['fe80::1', 'fe80::/10'],
  ['fd00:ec2::254', 'fd00:ec2::254/128'],
  ['100.100.100.200', '100.100.100.200/32'],
  ['168.63.129.16', '168.63.129.16/32'],
  ['0.0.0.0', '0.0.0.0/8'],
  ['::', '::/128'],
  ['127.0.0.1', undefined],
  ['::1', undefined],
  ['10.0.0.1', undefined],
  ['100.100.100.201', undefined],
  ['2606:4700::1', undefined],
];

for (const [ip, cidr] of builtIn) {
  test(`policy: ${ip} is ${cidr === undefined ? 'allowed' : `denied by ${cidr}`} by default`, () => {
    assert.equal(denied(ip, NONE), cidr);
  });
}

test('policy: deny_addresses adds to the built-in list', () => {
  const policy = { deny: ['10.0.0.0/8'], allow: [] };
  assert.equal(denied('10.1.2.3', policy), '10.0.0.0/8');
  assert.equal(denied('::ffff:10.1.2.3', policy), '10.0.0.0/8');
  assert.equal(denied('169.254.1.1', policy), '169.254.0.0/16');
});

test('policy: allow_addresses are exceptions that win', () => {
  const policy = { deny: ['0.0.0.0/0', '::/0'], allow: ['169.254.169.254/32', '2001:db8::/32'] };
  assert.equal(denied('169.254.169.254', policy), undefined);
  assert.equal(denied('2001:db8::1', policy), undefined);
  assert.equal(denied('8.8.8.8', policy), '0.0.0.0/0');
  assert.equal(denied('2001:db9::1', policy), '::/0');
});

test('policy: everything is denied by all of both families, whatever the address', () => {
  const policy = { deny: ['0.0.0.0/0', '::/0'], allow: [] };
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (ip) => {
      assert.notEqual(denied(ip, policy), undefined);
    }),
  );
});

test('policy: what one policy says of an address is not what another says, however often both are asked', () => {
  const strict = { deny: ['10.0.0.0/8'], allow: [] };
  for (let round = 0; round < 2; round += 1) {
    assert.equal(denied('10.1.2.3', strict), '10.0.0.0/8');
    assert.equal(denied('10.1.2.3', NONE), undefined);
    assert.equal(denied('10.1.2.4', strict), '10.0.0.0/8');
  }
});
