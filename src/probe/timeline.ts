import { nowMs } from '../runtime/clock.ts';
import type { PhaseName, Phases } from './result.ts';

/** The moment at which a probe entered a phase, on the monotonic clock. */
export type Mark = { readonly phase: PhaseName; readonly atMs: number };

/** The phases of one probe: contiguous, since each lasts until the next is entered. */
export class Timeline {
  readonly marks: Mark[] = [];

  /** Ends the phase before, if any, and begins this one. */
  enter(phase: PhaseName, atMs: number = nowMs()): void {
    this.marks.push({ phase, atMs });
  }
}

/** Milliseconds in each phase, summed over the hops; a phase that was not entered is absent. */
export function phasesOf(marks: readonly Mark[], endMs: number): Phases {
  const phases: Partial<Record<PhaseName, number>> = {};
  for (const [index, { phase, atMs }] of marks.entries()) {
    const untilMs = marks[index + 1]?.atMs ?? endMs;
    phases[phase] = toMicroseconds((phases[phase] ?? 0) + (untilMs - atMs));
  }
  return phases;
}

/** Milliseconds rounded to whole microseconds. */
export function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
