import type { ProbeResult } from '../probe/result.ts';
import type { Target } from '../target/target.ts';
import { Alarm, type Clock, SYSTEM_CLOCK } from './alarm.ts';
import { countMissedPlaces, type Entry, isEnding, makeEntry } from './entry.ts';
import { nextPlaceMs } from './place.ts';
import { Queue } from './queue.ts';
import { type Report, Tally } from './tally.ts';

/** What a poller is made with. */
export type PollerOptions = {
  readonly probe: (target: Target) => Promise<ProbeResult>;
  readonly onResult: (result: ProbeResult) => void;
  readonly clock?: Clock;
};

// More starts in one turn of the loop would show in the response times of the first of them; with fewer a schedule that is
// behind could not catch up.
// See test/bench/README.md.
const STARTS_PER_TURN = 8;

/** Starts the probe of every target at its fixed places in time, and never two of one target at once. */
export class Poller {
  readonly #probe: PollerOptions['probe'];
  readonly #onResult: (result: ProbeResult) => void;
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  // From the monotonic to the wall clock as they were at the start, in whole milliseconds: later jumps move nothing.
  readonly #wallOffsetMs: number;
  readonly #tally = new Tally();
  readonly #queue = new Queue<Entry>();
  readonly #entries = new Map<string, Entry>();
  #concurrency = 1;
  // Whether probes that are due wait for others to end.
  #isLimited = false;

  constructor({ probe, onResult, clock = SYSTEM_CLOCK }: PollerOptions) {
    this.#probe = probe;
    this.#onResult = onResult;
    this.#clock = clock;
    this.#wallOffsetMs = Math.round(clock.wallMs() - clock.nowMs());
    this.#alarm = new Alarm(
      clock,
      () => this.#turn(),
      (stalledMs) => this.#tally.noteStall(stalledMs),
    );
  }

  /** Replaces all targets: kept keys keep their places and take new settings at the next probe, removed ones end. */
  setTargets(targets: readonly Target[], concurrency: number): void {
    this.#concurrency = concurrency;
    const nowMs = this.#clock.nowMs();
    const newTargets = targets.filter(({ key }) => !this.#entries.has(key)).length;
    this.#removeAllBut(new Set(targets.map(({ key }) => key)));
    for (const target of targets) {
      const entry = this.#entries.get(target.key);
      if (entry === undefined) this.#entries.set(target.key, makeEntry(target, nowMs, newTargets));
      else this.#keep(entry, target, nowMs);
    }
    this.#queue.refill([...this.#entries.values()].filter(({ gone, delayed }) => !gone && !delayed));
    this.#turn();
  }

  /** What has happened beside results since the last call. */
  takeReport(): Report {
    return this.#tally.take();
  }

  /** Starts no more probes; the results of those that run are dropped. */
  stop(): void {
    this.#alarm.stop();
    this.#removeAllBut(new Set());
    this.#queue.refill([]);
  }

  #removeAllBut(keys: ReadonlySet<string>): void {
    for (const [key, entry] of this.#entries) {
      if (keys.has(key)) continue;
      entry.gone = true;
      // While its probe runs it stays: the target may come back and must not be probed twice at once.
      if (entry.startedMs === undefined) this.#entries.delete(key);
    }
  }

  #keep(entry: Entry, target: Target, nowMs: number): void {
    const moved = entry.target.intervalMs !== target.intervalMs;
    entry.target = target;
    entry.gone = false;
    if (!moved || !entry.probed) return;
    const endsMs = entry.startedMs === undefined ? nowMs : entry.startedMs + target.timeoutMs;
    entry.dueMs = this.#placeFrom(entry, Math.max(nowMs, endsMs));
  }

  #placeFrom({ place, target }: Entry, atMs: number): number {
    return nextPlaceMs(place, target.intervalMs, Math.ceil(atMs) + this.#wallOffsetMs) - this.#wallOffsetMs;
  }

  #turn(): void {
    const nowMs = this.#clock.nowMs();
    const waited = this.#isLimited;
    for (let starts = 0; starts < STARTS_PER_TURN; ) {
      const entry = this.#takeDue(nowMs);
      if (entry === undefined) break;
      if (this.#startOrSkip(entry, nowMs, waited)) starts += 1;
    }
    // At the limit the next end of a probe is what counts.
    const dueMs = this.#isLimited ? Infinity : (this.#queue.first?.dueMs ?? Infinity);
    this.#alarm.set(dueMs, this.#tally.inFlight > 0);
  }

  #takeDue(nowMs: number): Entry | undefined {
    const { first } = this.#queue;
    const due = first !== undefined && first.dueMs <= nowMs;
    this.#isLimited = due && first.startedMs === undefined && this.#tally.inFlight >= this.#concurrency;
    if (this.#isLimited) this.#tally.noteLimit(this.#concurrency, nowMs);
    return due && !this.#isLimited ? this.#queue.pop() : undefined;
  }

  // Whether it started a probe.
  #startOrSkip(entry: Entry, nowMs: number, waited: boolean): boolean {
    const missed = countMissedPlaces(entry, nowMs);
    if (missed > 0) {
      this.#tally.countLag(nowMs - entry.dueMs);
      this.#skip(entry, missed);
    }
    // Our loop stood still: what was missed is skipped, or everything would start at once.
    const tooLate = missed > 0 && !waited;
    if (!tooLate && entry.startedMs === undefined) {
      this.#start(entry);
      return true;
    }
    entry.delayed = !tooLate && isEnding(entry, nowMs);
    if (entry.delayed) return false;
    this.#skip(entry, 1);
    this.#queue.push(entry);
    return false;
  }

  #skip(entry: Entry, places: number): void {
    entry.dueMs += places * entry.target.intervalMs;
    this.#tally.countSkipped(places);
  }

  #start(entry: Entry): void {
    const { target, dueMs, probed } = entry;
    const startedMs = this.#clock.nowMs();
    this.#tally.countStart(startedMs - dueMs);
    entry.startedMs = startedMs;
    entry.probed = true;
    entry.dueMs = probed ? dueMs + target.intervalMs : this.#placeFrom(entry, startedMs + target.timeoutMs);
    this.#queue.push(entry);
    void this.#run(entry, startedMs);
  }

  async #run(entry: Entry, startedMs: number): Promise<void> {
    const result = await this.#probeOrFail(entry.target, startedMs);
    const { delayed, gone } = entry;
    this.#tally.inFlight -= 1;
    entry.startedMs = undefined;
    entry.delayed = false;
    if (gone) this.#entries.delete(entry.target.key);
    else if (delayed) this.#queue.push(entry);
    if (!gone) this.#onResult(result);
    if (delayed || this.#isLimited) this.#turn();
  }

  async #probeOrFail(target: Target, startedMs: number): Promise<ProbeResult> {
    try {
      const result = await this.#probe(target);
      const stalledMs = this.#alarm.stalledMs(startedMs);
      if (stalledMs === 0) return result;
      const reason = `the exporter itself stood still for ${Math.round(stalledMs)} ms`;
      return this.#internalError(target, startedMs, reason);
    } catch (error) {
      return this.#internalError(target, startedMs, error instanceof Error ? error.message : String(error));
    }
  }

  #internalError({ key }: Target, startedMs: number, reason: string): ProbeResult {
    const endedMs = this.#clock.nowMs();
    const endedAtMs = this.#clock.wallMs();
    return { key, result: 'internal_error', reason, startedMs, endedMs, endedAtMs, phases: {} };
  }
}
