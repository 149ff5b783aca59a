import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESULTS } from '../../../../src/probe/result.ts';
import type { TargetFacts } from '../../../../src/state/facts.ts';
import { renderPage } from '../../../../src/web/status/page.ts';
import { parseQuery } from '../../../../src/web/status/query.ts';
import { factsOf } from '../../../support/facts.ts';

const endedAtMs = Date.parse('2026-01-02T03:04:05Z');
const nowMs = endedAtMs + 3000;

function page(targets: readonly TargetFacts[], query = ''): string {
  return renderPage({ targets, query: parseQuery(new URLSearchParams(query)), nowMs, version: '1.2.3' });
}

/** The text of a page as it is read, without the head. */
function read(text: string): string {
  const body = text.slice(text.indexOf('<body>')).replaceAll(/<title>.*?<\/title>/g, '');
  return body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}

test('status page: a target that is up is shown with all that is known', () => {
  const expiry = Date.parse('2026-02-01T00:00:00Z') / 1000;
  const facts = factsOf(
    'https://a.test/',
    { endedAtMs, certificateExpirySeconds: expiry },
    { labels: { team: 'web' }, timeoutMs: 3000 },
  );
  const text = page([facts]);
  assert.match(
    read(text),
    /The target is up .*▲ Up for 3 s https:\/\/a.test\/ team=web success 123 ms 200 29 days left 3 s ago next in \d+ s/,
  );
  assert.match(text, /aria-label="1 of the last 1 up, in 123 ms to 123 ms"/);
  assert.match(text, /aria-label="dns 3.4 ms, connect 20 ms, wait 90 ms, transfer 10 ms"/);
});

test('status page: a target that is down is shown with the result in words and its reason', () => {
  const facts = factsOf('https://a.test/', { endedAtMs, result: 'dns_error', reason: 'no such name' });
  const text = page([facts]);
  assert.match(
    read(text),
    /1 of 1 target down .*▼ Down .*dns_error the name could not be resolved no such name/,
  );
  assert.ok(text.includes('<title>1 down · external-url-exporter</title>'));
});

test('status page: every result can be shown', () => {
  for (const [index, [, meaning]] of Object.entries(RESULTS).entries()) {
    const name = (Object.keys(RESULTS) as (keyof typeof RESULTS)[])[index] ?? 'success';
    const text = read(page([factsOf('https://a.test/', { endedAtMs, result: name })]));
    assert.ok(text.includes(name));
    if (name !== 'success') assert.ok(text.includes(meaning));
  }
});

const certificates: readonly [days: number, words: string, urgency: string][] = [
  [400.5, '400 days left', 'calm'],
  [20.5, '20 days left', 'warn'],
  [1.5, '1 day left', 'bad'],
  [0.5, '0 days left', 'bad'],
  [-1.5, 'expired 1 day ago', 'bad'],
];
for (const [days, words, urgency] of certificates) {
  test(`status page: a certificate with ${days} days to go is "${words}", ${urgency}`, () => {
    const certificateExpirySeconds = Math.floor(nowMs / 1000 + days * 86_400);
    const text = page([factsOf('https://a.test/', { endedAtMs, certificateExpirySeconds })]);
    assert.match(text, new RegExp(`<time class="${urgency}" [^>]*>${words}</time>`));
  });
}

test('status page: hostile texts stay texts', () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
  const facts = factsOf(
    `https://a.test/${hostile}`,
    { endedAtMs, result: 'unexpected_content', reason: hostile },
    { labels: { team: hostile } },
  );
  const text = page([facts], new URLSearchParams({ q: hostile, sort: hostile }).toString());
  assert.equal(text.match(/<script/g)?.length, 1, 'only our own');
  assert.doesNotMatch(text, /<img|onerror='/);
  const found = page([facts], new URLSearchParams({ q: 'alert(1)' }).toString());
  assert.equal(found.match(/<script/g)?.length, 1, 'only our own');
  assert.match(found, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  assert.doesNotMatch(found, /<img|<tr[^>]*onerror/);
});

test('status page: nothing inline that a strict policy forbids, and nothing from elsewhere', () => {
  const text = page([factsOf('https://a.test/', { endedAtMs })]);
  assert.doesNotMatch(text, /\sstyle=|\son\w+=|<style|javascript:/);
  assert.doesNotMatch(text.replace('href="https://a.test/"', ''), /(?:src|href)="(?:https?:)?\/\//);
});

test('status page: no targets, no match and no result yet have words of their own', () => {
  assert.match(read(page([])), /No targets are configured/);
  const facts = factsOf('https://a.test/', { endedAtMs });
  assert.match(read(page([facts], 'q=nothing')), /All 0 .*No target matches\./);
  const { url, labels, intervalMs, timeoutMs, counts, failures } = facts;
  const fresh = {
    url,
    labels,
    intervalMs,
    timeoutMs,
    counts,
    failures,
    state: 'unknown',
    stale: false,
    history: [],
  } as const;
  assert.match(read(page([fresh])), /◆ Unknown https:\/\/a.test\/ no result yet – no result yet – – not yet/);
});

test('status page: of very many targets the first are shown, the others with a link', () => {
  const facts = factsOf('https://a.test/', { endedAtMs });
  const many = Array.from({ length: 600 }, (_, index) => ({ ...facts, url: `https://a.test/${index}` }));
  const first = page(many);
  assert.equal(first.match(/<tr id=/g)?.length, 250);
  assert.match(read(first), /250 of 600 targets are shown\. Show more/);
  assert.match(first, /href="\?rows=500"/);
  assert.equal(page(many, 'rows=750').match(/<tr id=/g)?.length, 600);
  assert.equal(page(many, 'q=599').match(/<tr id=/g)?.length, 1);
});

test('status page: links keep what was chosen, and the current ones are marked', () => {
  const text = page([factsOf('https://a.test/', { endedAtMs })], 'q=a&state=up&sort=url');
  assert.match(text, /href="\?q=a&amp;sort=url" data-live>All/);
  assert.match(text, /href="\?q=a&amp;state=up&amp;sort=url" data-live aria-current="true">Up/);
  assert.match(
    text,
    /aria-sort="ascending"><a href="\?q=a&amp;state=up&amp;sort=url&amp;dir=desc" data-live>Target/,
  );
  assert.match(text, /name="q" value="a"/);
  assert.match(text, /type="hidden" name="state" value="up"/);
});
