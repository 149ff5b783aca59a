import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidatesOf, parseResolvConf } from '../../../../src/probe/dns/resolv-conf.ts';

const NONE = { servers: [], search: [], ndots: 1, timeoutMs: 2000, attempts: 3 };

const cases: { name: string; text: string; expected: object }[] = [
  { name: 'an empty file leaves the defaults', text: '', expected: NONE },
  {
    name: 'what a Kubernetes pod has',
    text: 'search ns.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n',
    expected: {
      ...NONE,
      servers: ['10.96.0.10'],
      search: ['ns.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      ndots: 5,
    },
  },
  {
    name: 'comments, tabs, IPv6, and no more than three servers',
    text: '# x\n;nameserver 9.9.9.9\nnameserver\t::1\nnameserver 1.1.1.1 \nnameserver 1.1.1.2\nnameserver 1.1.1.3',
    expected: { ...NONE, servers: ['[::1]', '1.1.1.1', '1.1.1.2'] },
  },
  {
    name: 'the last of domain and search wins',
    text: 'search a b\ndomain c.\n',
    expected: { ...NONE, search: ['c'] },
  },
  {
    name: 'options within their limits, unknown ones passed over',
    text: 'options timeout:90 attempts:9 ndots:99 rotate edns0\n',
    expected: { ...NONE, timeoutMs: 30_000, attempts: 5, ndots: 15 },
  },
  { name: 'nonsense is passed over', text: 'nameserver here\noptions ndots:x\nhello\n', expected: NONE },
];

for (const { name, text, expected } of cases) {
  test(`resolv.conf: ${name}`, () => assert.deepEqual(parseResolvConf(text), expected));
}

const search = ['ns.svc', 'svc'];
const names: [name: string, ndots: number, expected: string[]][] = [
  ['web', 1, ['web.ns.svc', 'web.svc', 'web']],
  ['web.example', 1, ['web.example', 'web.example.ns.svc', 'web.example.svc']],
  ['web.example', 5, ['web.example.ns.svc', 'web.example.svc', 'web.example']],
  ['web.example.', 5, ['web.example.']],
];

for (const [name, ndots, expected] of names) {
  test(`resolv.conf: ${name} with ndots:${ndots} is asked for as ${expected.join(', ')}`, () => {
    assert.deepEqual(candidatesOf(name, { search, ndots }), expected);
  });
}
