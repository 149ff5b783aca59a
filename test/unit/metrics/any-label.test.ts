import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TargetFiles } from '../../../src/config/discovery/target-files.ts';
import type { Target } from '../../../src/target/target.ts';
import { urlFault } from '../../../src/target/url.ts';
import { parseExposition } from '../../support/exposition.ts';
import { runs } from '../../support/fuzz.ts';
import { configOf } from '../../support/load-text.ts';
import { batch, dnsError, nextMoment, resultOf, scraped } from '../../support/scrape.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** Texts that were wrong somewhere once, or are likely to be. */
const CORPUS = [
  '"',
  '\\',
  '\n',
  '\\n',
  '\\"',
  '"} 1\nup{url="',
  '\r\n',
  '\r',
  '\0',
  '\t',
  ' ',
  '\u2028',
  '\u2029',
  '\u0085',
  '\ufeff',
  '\ud800',
  '\udc00\ud800',
  'a\ud83d',
  '\u{1f600}',
  'e\u0301',
  '#',
  '{}',
  ',',
  '=',
  '$',
  '__proto__',
  'NaN',
];

const value = fc.oneof(
  fc.constantFrom(...CORPUS),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.array(fc.constantFrom(...CORPUS), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
  fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 8 }).map((units) => String.fromCharCode(...units)),
);
const name = fc
  .oneof(
    fc.constantFrom('team', 'constructor', 'toString', 'a', 'A', '_', 'hasOwnProperty'),
    fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9]{0,8}$/),
  )
  .filter((label) => !['url', 'phase', 'result', 'le', 'job', 'instance'].includes(label));
const labels = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true });
const url = fc
  .tuple(fc.constantFrom('http://a.test/', 'https://[::1]:8080/', 'HTTP://b.test?'), value)
  .map((parts) => parts.join(''))
  .filter((text) => urlFault(text) === undefined);

type Written = { readonly url: string; readonly labels: Readonly<Record<string, string>> };

const written = fc.uniqueArray(fc.record({ url, labels }), {
  minLength: 1,
  maxLength: 4,
  // Targets that are the same in UTF-8 are one target.
  selector: (one) => JSON.stringify(exportedLabels(one)),
});

/** The labels as they are exported: a lone surrogate becomes U+FFFD. */
function exportedLabels({ url: text, labels: own }: Written): readonly (readonly [string, string])[] {
  const all = Object.entries({ ...own, url: text });
  return all.map(([key, label]) => [key, label.toWellFormed()] as const).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The labels of these targets in a scrape, after a success and a failure. */
async function scrapedLabels(
  targets: readonly Target[],
): Promise<readonly (readonly (readonly [string, string])[])[]> {
  const { cache, scrape } = scraped(targets);
  const results = targets.flatMap((one) => [dnsError(one), resultOf(one)]);
  cache.record(batch(results), results[0]?.endedMs ?? 0);
  const families = parseExposition(await scrape());
  await nextMoment();
  const ups = families.find((family) => family.name === 'sample_external_url_up')?.samples ?? [];
  return ups.map((sample) => [...sample.labels].sort(([a], [b]) => (a < b ? -1 : 1)));
}

test('any label: from a YAML config to /metrics and back through a strict parser it stays what it was', async () => {
  await using folder = await tempFolder();
  const property = fc.asyncProperty(written, async (targets) => {
    // A dollar stands for a variable, and is written as two.
    const text = JSON.stringify({ targets }).replaceAll('$', '$$$$');
    const config = await configOf(folder, text);
    assert.deepEqual(await scrapedLabels(config.targets), targets.map(exportedLabels));
  });
  await fc.assert(property, runs(40));
});

test('any label: from a JSON target file it is what was written, lone surrogates included', async () => {
  await using folder = await tempFolder();
  const property = fc.asyncProperty(written, async (targets) => {
    const groups = targets.map((one) => ({ targets: [one.url], labels: one.labels }));
    await folder.write('t.json', JSON.stringify(groups));
    const { faults } = await new TargetFiles().read(['t.json'], folder.path);
    assert.deepEqual(faults, []);
    const config = await configOf(folder, 'target_files: [t.json]');
    assert.deepEqual(await scrapedLabels(config.targets), targets.map(exportedLabels));
  });
  await fc.assert(property, runs(40));
});

for (const text of CORPUS) {
  test(`any label: ${JSON.stringify(text)} is exported as it is, alone and between other characters`, async () => {
    await using folder = await tempFolder();
    const targets = [text, `a${text}b`, text + text].map((label) => ({
      url: 'http://a/',
      labels: { label },
    }));
    await folder.write(
      't.json',
      JSON.stringify(targets.map((one) => ({ targets: [one.url], labels: one.labels }))),
    );
    const config = await configOf(folder, 'target_files: [t.json]');
    assert.deepEqual(await scrapedLabels(config.targets), targets.map(exportedLabels));
  });
}
