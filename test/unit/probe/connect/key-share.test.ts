import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyShares } from '../../../../src/probe/connect/key-share.ts';

const HOUR_MS = 3_600_000;

test('key share: the group of the last handshake is the next share, the default ones come again after an hour', () => {
  const shares = new KeyShares();
  shares.learn('a.test:443', 'X25519', 0);
  shares.learn('a.test:443', 'X25519', HOUR_MS - 1);
  assert.equal(shares.get('a.test:443', HOUR_MS - 1), 'X25519');
  assert.equal(shares.get('b.test:443', 0), undefined);
  assert.equal(shares.get('a.test:443', HOUR_MS), undefined);
  shares.learn('a.test:443', 'X25519MLKEM768', HOUR_MS);
  assert.equal(shares.get('a.test:443', HOUR_MS), 'X25519MLKEM768');
});

test('key share: nothing is learnt of a group that the default shares do not hold', () => {
  const shares = new KeyShares();
  shares.learn('a.test:443', 'X25519', 0);
  shares.learn('a.test:443', 'prime256v1', 1);
  assert.equal(shares.get('a.test:443', 1), undefined);
  shares.learn('a.test:443', undefined, 2);
  assert.equal(shares.get('a.test:443', 2), undefined);
});
