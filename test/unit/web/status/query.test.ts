import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterTargets, formatQuery, parseQuery, sortTargets } from '../../../../src/web/status/query.ts';
import { factsOf } from '../../../support/facts.ts';

const down = factsOf('https://b.test/', {
  result: 'connect_refused',
  reason: 'connect ECONNREFUSED 192.0.2.1:443',
  responseMs: 5,
});
const quick = factsOf('https://a.test/', { responseMs: 10 }, { labels: { team: 'Web' } });
const slow = factsOf('https://c.test/', { responseMs: 900, certificateExpirySeconds: 1_800_000_000 });
const lost = factsOf('https://d.test/', { result: 'internal_error' });
const all = [slow, quick, lost, down];

const queries: readonly [text: string, again: string][] = [
  ['', '?'],
  ['q=+a+', '?q=a'],
  ['state=down&sort=url&dir=desc', '?state=down&sort=url&dir=desc'],
  ['state=odd&sort=toString&dir=up&rows=x', '?'],
  ['sort=__proto__', '?'],
  ['rows=500', '?rows=500'],
  ['rows=-1', '?'],
  ['rows=99999999', '?rows=10000'],
  ['q=<script>&state=<script>', '?q=%3Cscript%3E'],
];
for (const [text, again] of queries) {
  test(`status query: "${text}" is understood as "${again}"`, () => {
    assert.equal(formatQuery(parseQuery(new URLSearchParams(text))), again);
  });
}

const searches: readonly [text: string, urls: readonly string[]][] = [
  ['', [slow.url, quick.url, lost.url, down.url]],
  ['A.TEST', [quick.url]],
  ['team=web', [quick.url]],
  ['econnrefused', [down.url]],
  ['connect_refused 192.0.2.1', [down.url]],
  ['the connection was refused', [down.url]],
  ['b.test success', []],
];
for (const [text, urls] of searches) {
  test(`status query: the filter "${text}" finds ${urls.length}`, () => {
    const found = filterTargets(all, parseQuery(new URLSearchParams({ q: text })));
    assert.deepEqual(
      found.map(({ url }) => url),
      urls,
    );
  });
}

const orders: readonly [query: string, urls: readonly string[]][] = [
  ['', [down.url, lost.url, slow.url, quick.url]],
  ['dir=desc', [slow.url, quick.url, lost.url, down.url]],
  ['sort=url', [quick.url, down.url, slow.url, lost.url]],
  ['sort=response&dir=desc', [slow.url, lost.url, quick.url, down.url]],
  ['sort=certificate', [slow.url, quick.url, lost.url, down.url]],
  ['sort=certificate&dir=desc', [slow.url, quick.url, lost.url, down.url]],
];
for (const [query, urls] of orders) {
  test(`status query: the order of "${query}" leaves what has no value for the end`, () => {
    const found = sortTargets(all, parseQuery(new URLSearchParams(query)));
    assert.deepEqual(
      found.map(({ url }) => url),
      urls,
    );
  });
}
