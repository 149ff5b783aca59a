import { until } from '../support/until.ts';
import type { Plan } from './plan.ts';
import { readProbeCounts } from './probe-counts.ts';
import { replaceFile } from './replace-file.ts';
import type { Subject } from './subject.ts';

// A look at the files each second, and a busy machine.
const PATIENCE_MS = 30_000;
const NAME = 'config.yml';

/** Puts configs into effect in each of the ways that there are, in turn. */
export class Reloads {
  readonly #folder: string;
  readonly #subject: Subject;
  readonly faults: string[] = [];
  reloads = 0;

  /** Writes the config of the start. */
  static first(folder: string, plan: Plan): Promise<string> {
    return replaceFile(folder, NAME, plan.config('active'));
  }

  constructor(folder: string, subject: Subject) {
    this.#folder = folder;
    this.#subject = subject;
  }

  /** Puts the plan's config into effect; what is exported from then on is of its targets, and of no other. */
  async load(plan: Plan, state: 'active' | 'idle'): Promise<void> {
    const written = this.#subject.program.output().length;
    await replaceFile(this.#folder, NAME, plan.config(state));
    if (this.reloads % 3 === 1) this.#subject.program.signal('SIGHUP');
    if (this.reloads % 3 === 2) await this.#ask();
    else await this.#isLogged(written);
    this.reloads += 1;
    const { body } = await this.#subject.ask('/metrics');
    const expected = new Set(plan.aims.map(({ url }) => url));
    const exported = new Set(readProbeCounts(body).keys());
    const [missing, left] = [expected.difference(exported), exported.difference(expected)];
    if (missing.size > 0)
      this.faults.push(`reload ${this.reloads}: not exported: ${[...missing].slice(0, 3)}`);
    if (left.size > 0) this.faults.push(`reload ${this.reloads}: still exported: ${[...left].slice(0, 3)}`);
  }

  async #ask(): Promise<void> {
    const { status, body } = await this.#subject.ask('/-/reload', { method: 'POST' });
    if (status !== 200) this.faults.push(`reload ${this.reloads}: answered ${status}: ${body.slice(0, 200)}`);
  }

  // The watch may be so kind as to load it as well, which changes nothing.
  #isLogged(written: number): Promise<void> {
    const { program } = this.#subject;
    const isDone = () => program.output().includes('"msg":"config reloaded"', written);
    return until(isDone, 'the config was reloaded', PATIENCE_MS);
  }
}
