import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import test from 'node:test';
import { leaked, nothingLeaked, openHandles } from '../../support/open-handles.ts';
import { event, until } from '../../support/until.ts';

test('open handles: names an open file and a running timer, and no longer once they are gone', async () => {
  const before = openHandles();
  const file = openSync('/dev/null', 'r');
  const timer = setInterval(() => {}, 60_000);
  const found = leaked(before);
  assert.ok(
    found.some((line) => line.startsWith('descriptors ')),
    String(found),
  );
  assert.ok(
    found.some((line) => line.startsWith('Timeout ')),
    String(found),
  );
  await assert.rejects(nothingLeaked(before, 10), /left open: .*Timeout \d+ -> \d+/);
  closeSync(file);
  clearInterval(timer);
  await nothingLeaked(before);
});

test('until: says what it waited for in vain', async () => {
  let calls = 0;
  await until(() => ++calls === 3, 'called three times');
  await assert.rejects(
    until(() => false, 'pigs fly', 10),
    { message: 'waited 10 ms in vain until pigs fly' },
  );
});

test('until: gives the arguments of an event, and names one that does not come', async () => {
  const emitter = new EventEmitter();
  const seen = event(emitter, 'news');
  emitter.emit('news', 1, 2);
  assert.deepEqual(await seen, [1, 2]);
  await assert.rejects(event(emitter, 'other', 10), {
    message: "waited 10 ms in vain for the event 'other'",
  });
});
