import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  firstDelayMs,
  hashOf,
  nextPlaceMs,
  placeOf,
  shardOf,
  targetsOfShard,
} from '../../../src/schedule/place.ts';
import type { Target } from '../../../src/target/target.ts';
import { target } from '../../support/target.ts';

// Chi-square with 31 degrees of freedom; beyond this by chance once in 100,000 times.
const BINS = 32;
const TOO_UNEVEN = 80;

function unevenness(places: readonly number[]): number {
  const expected = places.length / BINS;
  const bins = new Array<number>(BINS).fill(0);
  for (const place of places) {
    const bin = Math.floor(place * BINS);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function targets(count: number): Target[] {
  return Array.from({ length: count }, (_, i) => target(`https://service-${i}.example.org/health`));
}

const families: { name: string; key: (i: number) => string }[] = [
  { name: 'hosts that differ by a number', key: (i) => `https://service-${i}.example.org/health` },
  { name: 'paths that differ at their end', key: (i) => `https://example.org/api/v1/items/${i}` },
  { name: 'one letter', key: (i) => String.fromCharCode(i) },
];

for (const { name, key } of families) {
  test(`place: ${name} spread evenly over the interval`, () => {
    const places = Array.from({ length: 4096 }, (_, i) => placeOf(key(i)));
    assert.ok(unevenness(places) < TOO_UNEVEN, `chi-square ${unevenness(places)}`);
  });

  test(`shard: ${name} spread evenly over the shards, and each shard over the interval`, () => {
    const keys = Array.from({ length: 16_384 }, (_, i) => key(i));
    for (let shard = 0; shard < 4; shard++) {
      const places = keys.filter((one) => shardOf(one, 4) === shard).map(placeOf);
      assert.ok(Math.abs(places.length - 4096) < 300, `${places.length} in shard ${shard}`);
      assert.ok(unevenness(places) < TOO_UNEVEN, `chi-square ${unevenness(places)} in shard ${shard}`);
    }
  });
}

test('hash: it stays the same from release to release, or every target would move', () => {
  const hashes = ['', 'a', 'https://httpstat.us/503'].map(hashOf);
  assert.deepEqual(hashes, [2_872_998_923, 444_641_715, 760_772_769]);
});

test('shard: every target is in exactly one, whatever the others are', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { maxLength: 50 }),
      fc.integer({ min: 1, max: 20 }),
      (urls, total) => {
        const all = urls.map((url) => target(url));
        const shards = Array.from({ length: total }, (_, shard) => targetsOfShard(all, shard, total));
        assert.deepEqual(new Set(shards.flat()), new Set(all));
        assert.equal(shards.flat().length, all.length);
        const alone = all.map((one) =>
          shards.findIndex((_, shard) => targetsOfShard([one], shard, total).length > 0),
        );
        assert.deepEqual(
          alone,
          all.map((one) => shards.findIndex((shard) => shard.includes(one))),
        );
      },
    ),
  );
});

test('first round: it takes at most a second per 1000 targets, and never longer than the interval', () => {
  const delays = targets(2000).map(({ key }) => firstDelayMs(placeOf(key), 2000, 10_000));
  assert.ok(Math.max(...delays) < 2000 && Math.max(...delays) > 1900);
  assert.ok(Math.min(...delays) >= 0);
  assert.ok(targets(2000).every(({ key }) => firstDelayMs(placeOf(key), 2000, 100) < 100));
});

test('next place: it is the first of a fixed series that is not before the given time', () => {
  const fraction = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((hash) => hash / 2 ** 32);
  const interval = fc.integer({ min: 100, max: 86_400_000 });
  fc.assert(
    fc.property(fraction, interval, fc.integer({ min: 0, max: 4e12 }), (place, intervalMs, atMs) => {
      const nextMs = nextPlaceMs(place, intervalMs, atMs);
      assert.ok(nextMs >= atMs && nextMs < atMs + intervalMs);
      assert.equal(nextMs % intervalMs, Math.floor(place * intervalMs));
    }),
  );
});
