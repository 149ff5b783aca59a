import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DenyList } from '../../../../src/probe/connect/deny-list.ts';

const BUILT_IN = new DenyList({ deny: [], allow: [] });

const denied = [
  '169.254.169.254',
  '::ffff:169.254.169.254',
  '::169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  'fe80::1',
  'fd00:ec2::254',
  '100.100.100.200',
  '168.63.129.16',
  '0.0.0.0',
  '::',
];

for (const ip of denied) {
  test(`deny list: ${ip} is denied by default`, () => assert.ok(BUILT_IN.denies(ip)));
}

for (const ip of ['127.0.0.1', '::1', '10.0.0.1', '100.100.100.201', '2606:4700::1']) {
  test(`deny list: ${ip} is allowed by default`, () => assert.ok(!BUILT_IN.denies(ip)));
}

test('deny list: deny_addresses adds to the built-in list, however often it is asked', () => {
  const list = new DenyList({ deny: ['10.0.0.0/8'], allow: [] });
  for (const ip of ['10.1.2.3', '::ffff:10.1.2.3', '169.254.1.1', '10.1.2.3']) assert.ok(list.denies(ip), ip);
  assert.ok(!list.denies('11.0.0.1'));
});

test('deny list: allow_addresses are exceptions that win', () => {
  const list = new DenyList({
    deny: ['0.0.0.0/0', '::/0'],
    allow: ['169.254.169.254/32', '2001:db8::/32'],
  });
  assert.deepEqual(
    ['169.254.169.254', '2001:db8::1', '8.8.8.8', '2001:db9::1'].map((ip) => list.denies(ip)),
    [false, false, true, true],
  );
});

test('deny list: the whole of both families denies every address', () => {
  const list = new DenyList({ deny: ['0.0.0.0/0', '::/0'], allow: [] });
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (ip) => list.denies(ip)));
});
