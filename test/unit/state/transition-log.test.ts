import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transition } from '../../../src/state/transition.ts';
import { TransitionLog } from '../../../src/state/transition-log.ts';
import { recordingLog } from '../../support/log.ts';

const DOWN: Transition = {
  url: 'http://a.test/',
  labels: { team: 'x' },
  from: 'up',
  to: 'down',
  result: 'connect_refused',
  reason: 'connect ECONNREFUSED',
  afterMs: 90_000,
};

test('transition log: a change is one line with from, to, why, and how long it had been so', () => {
  const log = recordingLog();
  new TransitionLog(log).write([DOWN]);
  assert.equal(log.lines.length, 1);
  const [line] = log.lines;
  assert.equal(line?.level, 'warn');
  assert.equal(line?.text, 'target is down');
  const { afterMs: _, ...facts } = DOWN;
  assert.deepEqual(line?.fields, { ...facts, after: '1m30s' });
});

test('transition log: a target that is up again is no warning', () => {
  const log = recordingLog();
  new TransitionLog(log).write([{ ...DOWN, from: 'down', to: 'up', result: 'success' }]);
  assert.equal(log.lines[0]?.level, 'info');
});

test('transition log: of very many changes at once most are counted only', () => {
  const log = recordingLog();
  const transitions = new TransitionLog(log);
  transitions.write(Array.from({ length: 1000 }, () => DOWN));
  assert.equal(log.lines.length, 50);
  transitions.stop();
  assert.deepEqual(log.lines.at(-1)?.fields, { targets: 950 });
});
