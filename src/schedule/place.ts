import type { Target } from '../target/target.ts';

// FNV-1a (draft-eastlake-fnv) over UTF-16 code units: stable from release to release, unlike V8's own hashes.
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

// The finaliser of MurmurHash3 (fmix32): FNV alone spreads texts badly that differ only at their end.
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A stable, well mixed 32-bit hash of a target's key, as an unsigned integer. */
export function hashOf(key: string): number {
  return mix(fnv1a(key));
}

/** The place of a target in its interval, as a fraction of it from 0 up to, not including, 1. */
export function placeOf(key: string): number {
  return hashOf(key) / 2 ** 32;
}

/** The shard of a target, 0 to `totalShards - 1`; it depends on nothing but the key. */
export function shardOf(key: string, totalShards: number): number {
  // Mixed again: the targets of one shard must not all be in one part of the interval.
  return mix(hashOf(key)) % totalShards;
}

/** The targets of one shard; over all shards each target is in exactly one. */
export function targetsOfShard(targets: readonly Target[], shard: number, totalShards: number): Target[] {
  return targets.filter(({ key }) => shardOf(key, totalShards) === shard);
}

/** Delay of a target's first probe in milliseconds: the first round takes at most a second per 1000 new targets. */
export function firstDelayMs(place: number, newTargets: number, intervalMs: number): number {
  return Math.floor(place * Math.min(newTargets, intervalMs));
}

/** The first of a target's fixed times that is not before `atMs`; both are whole Unix milliseconds. */
export function nextPlaceMs(place: number, intervalMs: number, atMs: number): number {
  const offsetMs = Math.floor(place * intervalMs);
  return offsetMs + Math.ceil((atMs - offsetMs) / intervalMs) * intervalMs;
}
