import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { filesOf, TargetFiles } from '../../../../src/config/discovery/target-files.ts';
import { faultLine } from '../../../../src/config/fault.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const good: { name: string; file: string; text: string; expected: object[] }[] = [
  {
    name: 'JSON, with labels',
    file: 'a.json',
    text: '[{"targets": ["https://a/", "https://b/"], "labels": {"team": "x"}}]',
    expected: [
      { url: 'https://a/', labels: { team: 'x' } },
      { url: 'https://b/', labels: { team: 'x' } },
    ],
  },
  {
    name: 'YAML, several groups, without labels',
    file: 'a.yml',
    text: '- targets: [https://a/]\n- targets: [https://b/]\n  labels: {}\n',
    expected: [{ url: 'https://a/' }, { url: 'https://b/', labels: {} }],
  },
  {
    name: 'labels that begin with __ are dropped',
    file: 'a.yml',
    text: '[{targets: [https://a/], labels: {__meta_pod: p, team: x}}]',
    expected: [{ url: 'https://a/', labels: { team: 'x' } }],
  },
  { name: 'no groups, no targets', file: 'a.yml', text: '[]', expected: [] },
];

for (const { name, file, text, expected } of good) {
  test(`target files: ${name}`, async () => {
    await using folder = await tempFolder();
    await folder.write(file, text);
    const { targets, faults } = await new TargetFiles().read(['*'], folder.path);
    assert.deepEqual([targets, faults], [expected, []]);
  });
}

const bad: [text: string, expected: string][] = [
  [
    'targets: [https://a/]',
    '1:1: a map is not a list of groups (such as [{targets: [https://example.com/], labels: {team: a}}])',
  ],
  ['- targets: https://a/', '1:3: [0].targets: "https://a/" is not a list of URLs'],
  [
    '- targets: [localhost:9090]',
    '1:13: [0].targets[0]: "localhost:9090" is not an http or https URL (such as https://example.com/health)',
  ],
  ['- targets: [https://a/]\n  labels: {url: x}', '2:12: [0].labels.url: "url" is reserved (any name except'],
  ['- {', '1:4: not valid YAML'],
];

for (const [text, expected] of bad) {
  test(`target files: ${JSON.stringify(text)} is a fault with its place`, async () => {
    await using folder = await tempFolder();
    const file = await folder.write('t.yml', text);
    const { targets, faults } = await new TargetFiles().read(['t.yml'], folder.path);
    assert.deepEqual(targets, []);
    assert.ok(faults.length > 0);
    assert.ok(
      faults.map(faultLine).join('\n').startsWith(`${file}:${expected}`),
      faults.map(faultLine).join('\n'),
    );
  });
}

test('target files: a broken file keeps its last valid targets, a removed one does not', async () => {
  await using folder = await tempFolder();
  const files = new TargetFiles();
  const file = await folder.write('t.yml', '[{targets: [https://a/]}]');
  const before = await files.read(['*.yml'], folder.path);
  await folder.write('t.yml', '[{targets');
  const broken = await files.read(['*.yml'], folder.path);
  assert.deepEqual(broken.targets, before.targets);
  assert.equal(broken.faults.length > 0, true);
  await rm(file);
  assert.deepEqual((await files.read(['*.yml'], folder.path)).targets, []);
});

test('target files: globs are relative to the config file, each file counts once, a missing one is none', async () => {
  await using folder = await tempFolder();
  const b = await folder.write('b.json', '[]');
  const a = await folder.write('a.json', '[]');
  assert.deepEqual(await filesOf(['*.json', 'a.json', 'missing.yml'], folder.path), [a, b]);
});
