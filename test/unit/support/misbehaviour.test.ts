import assert from 'node:assert/strict';
import test from 'node:test';
import { MISBEHAVIOURS } from '../../support/misbehaviour.ts';
import { nothingLeaked, openHandles } from '../../support/open-handles.ts';

test('misbehaviours: each of at least 45 kinds has a name of its own', () => {
  const names = new Set(MISBEHAVIOURS.map(({ name }) => name));
  assert.equal(names.size, MISBEHAVIOURS.length);
  assert.ok(names.size >= 45, `${names.size} kinds`);
});

test('misbehaviours: all start side by side, have seen no request, and leave nothing open', async () => {
  const before = openHandles();
  const started = await Promise.all(MISBEHAVIOURS.map(({ start }) => start()));
  for (const { url, requests } of started) {
    assert.ok(URL.canParse(url), url);
    assert.equal(requests(), 0, url);
  }
  await Promise.all(started.map((one) => one[Symbol.asyncDispose]()));
  await nothingLeaked(before);
});
