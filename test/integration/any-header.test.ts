import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ProbeResult, RESULTS } from '../../src/probe/result.ts';
import { zone } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import { runs } from '../support/fuzz.ts';
import { probeUntilVerdict } from '../support/probe-verdict.ts';
import { type RawServer, rawServer } from '../support/raw-server.ts';
import { target } from '../support/target.ts';

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'Location', 'X', 'Set-Cookie'];
const CORPUS = [
  '',
  ' ',
  '\t',
  '/',
  '//',
  '///',
  '?',
  '#',
  '.',
  '..',
  '\\\\',
  '/\\',
  'http:',
  'http://',
  'https:/',
  'http://[',
  'http://[::1]:99999/',
  'http://127.0.0.1:0/',
  'http://a:b@127.0.0.1/',
  'file:///etc/passwd',
  'javascript:1',
  'data:,x',
  '/\r',
  '/%',
  '/%00',
  '/\xff\xfe',
  '/\xc3\xa9',
  '/\xed\xa0\x80',
  '/a b',
  '/\x7f',
  '/\0',
  '//0/',
  '//1/',
  '//%6c/',
  '//xn--/',
  `/${'a'.repeat(10_000)}`,
];

// What can stand in a header, and the rest as well; a line feed would end the line.
const bytes = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 30 });
const value = fc.oneof(fc.constantFrom(...CORPUS), bytes).map((text) => text.replaceAll('\n', ''));
const name = fc.oneof(fc.constantFrom(...NAMES), fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,10}$/));

function rightResult({ result, reason = '', phases, responseMs = 0 }: ProbeResult): void {
  assert.ok(result in RESULTS && result !== 'internal_error', `${result}: ${reason}`);
  assert.doesNotMatch(reason, /\p{Cc}/u);
  const sum = Object.values(phases).reduce((total, ms) => total + ms, 0);
  assert.ok(Math.abs(sum - responseMs) < 0.1, `${sum} against ${responseMs}`);
}

/** Nothing of an answer breaks out of the lines of the next request. */
function rightRequests({ heads }: RawServer): void {
  for (const head of heads) {
    assert.match(head, /^GET \/[!-~]* HTTP\/1\.1\r\n(?:[A-Z][A-Za-z-]+: [ -~]+\r\n){4}\r\n$/);
    assert.equal(head.match(/^Host: /gm)?.length, 1);
  }
}

/** Probes a server that answers so, and goes nowhere else. */
async function probed(
  answer: (head: string) => string,
  check: (ask: () => Promise<ProbeResult>) => Promise<void>,
  expected: readonly string[] = [],
): Promise<void> {
  await using server = await rawServer((socket, head) => socket.end(Buffer.from(answer(head), 'latin1')));
  await using dns = await dnsServer(zone({}));
  const one = target(server.url(), {
    dnsServers: [dns.address],
    addresses: { deny: ['0.0.0.0/0', '::/0'], allow: ['127.0.0.1/32'] },
    expect: { headers: expected.map((field) => ({ name: field, pattern: '^[ab]$', mustMatch: true })) },
  });
  await check(async () => {
    const result = await probeUntilVerdict(one);
    rightResult(result);
    return result;
  });
  rightRequests(server);
}

function redirect(location: string): string {
  return `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;
}

test('any header: a redirect to any Location gives a result of the list, and an honest next request', async () => {
  let location = '';
  await probed(
    (head) => (head.startsWith('GET / ') ? redirect(location) : redirect(`${location}x`)),
    async (ask) => {
      const property = fc.asyncProperty(value, async (text) => {
        location = text;
        await ask();
      });
      await fc.assert(property, runs(80));
    },
  );
});

for (const location of CORPUS) {
  test(`any header: Location ${JSON.stringify(location).slice(0, 40)}`, () =>
    probed(
      () => redirect(location),
      async (ask) => {
        const { result } = await ask();
        assert.notEqual(result, 'success');
      },
    ));
}

test('any header: fields of any name and value give a result of the list', async () => {
  let fields = '';
  await probed(
    () => `HTTP/1.1 200 OK\r\n${fields}Content-Length: 2\r\n\r\nok`,
    async (ask) => {
      const property = fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 6 }), async (pairs) => {
        fields = pairs.map((pair) => `${pair.join(': ')}\r\n`).join('');
        await ask();
      });
      await fc.assert(property, runs(80));
    },
  );
});

for (const field of NAMES) {
  test(`any header: a field ${field} is seen where it is, and not where it is not`, async () => {
    for (const [there, expected] of [
      [true, 'success'],
      [false, 'unexpected_content'],
    ] as const) {
      await probed(
        () => `HTTP/1.1 200 OK\r\n${there ? `${field}: a\r\n${field}: b\r\n` : ''}Content-Length: 0\r\n\r\n`,
        async (ask) => assert.equal((await ask()).result, expected),
        [field],
      );
    }
  });
}
