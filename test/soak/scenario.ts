import { setTimeout as pause } from 'node:timers/promises';
import { checkWhenIdle, type IdleCheck } from './idle.ts';
import type { Plan } from './plan.ts';
import { Reloads } from './reloads.ts';
import { Scraper } from './scraper.ts';
import { timesOf } from './served-counts.ts';
import type { Servers } from './servers.ts';
import type { Sink } from './sink.ts';
import type { Subject } from './subject.ts';
import { ROOT_STEPS } from './tls-kinds.ts';
import type { WebCertificate } from './web-certificate.ts';

const RELOAD_EVERY_MS = 10_000;
// The watch loads once more what was loaded otherwise; that must not be taken for the next reload.
const SETTLE_MS = 3000;
// More than the second after which a root is looked at again.
const STEP_EVERY_MS = 2000;

/** Who takes part. */
export type Parts = {
  readonly servers: Servers;
  readonly sink: Sink;
  readonly web: WebCertificate;
  readonly plan: Plan;
  readonly subject: Subject;
  readonly folder: string;
  readonly pushEveryMs: number;
  readonly say: (text: string) => void;
};

/** What happens to the exporter one after the other. */
export class Scenario {
  readonly #parts: Parts;
  readonly scraper: Scraper;
  readonly #reloads: Reloads;
  readonly #faults: string[] = [];
  /** How often removed targets had been served when the last probe of them must have been over. */
  readonly #servedWhenGone = new Map<string, number>();
  #replaced = 0;
  workedMs = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.scraper = new Scraper(parts.subject);
    this.scraper.know(parts.plan.aims);
    this.#reloads = new Reloads(parts.folder, parts.subject);
  }

  get reloads(): number {
    return this.#reloads.reloads;
  }

  /** A stretch of work with its changes, and the rest after it. */
  async run(forMs: number): Promise<IdleCheck> {
    const { plan, say } = this.#parts;
    if (this.reloads > 0) await this.#reloads.load(plan, 'active');
    const startMs = performance.now();
    const over = new AbortController();
    const scraping = this.scraper.run(over.signal);
    const leftMs = () => forMs - (performance.now() - startMs);
    await pause(SETTLE_MS);
    while (leftMs() > RELOAD_EVERY_MS) {
      const nextMs = leftMs() - RELOAD_EVERY_MS;
      await this.#change();
      await pause(Math.max(0, leftMs() - nextMs));
    }
    await pause(Math.max(0, leftMs()));
    await this.#reloads.load(plan, 'idle');
    this.workedMs += performance.now() - startMs;
    over.abort();
    await scraping;
    say(`${this.reloads} reloads, ${this.scraper.scrapes} scrapes; now idle\n`);
    return checkWhenIdle(plan.aims, { ...this.#parts, scraper: this.scraper });
  }

  /** Everything that was wrong on the way. */
  faults({ served }: IdleCheck): readonly string[] {
    const again = [...this.#servedWhenGone].filter(([url, times]) => timesOf(served, url) > times);
    const probed = again.map(
      ([url, times]) => `${url}: served ${times} times, then removed, and served again`,
    );
    const closedConnections = this.#parts.subject.closedConnections();
    // A handshake that is under way at that moment is given up.
    const unanswered =
      closedConnections > this.#replaced
        ? [`${closedConnections} connections were closed without an answer`]
        : [];
    return [...this.#faults, ...this.scraper.faults, ...this.#reloads.faults, ...probed, ...unanswered];
  }

  async #change(): Promise<void> {
    const { plan, servers, web } = this.#parts;
    if (this.scraper.scrapes > 0 && this.scraper.serial !== web.serial)
      this.#faults.push(`generation ${plan.generation}: an old web certificate`);
    const counts = await servers.counts();
    for (const { url, generation } of plan.removed) {
      const isOver = generation <= plan.generation && !this.#servedWhenGone.has(url);
      if (isOver) this.#servedWhenGone.set(url, timesOf(counts, url));
    }
    plan.next();
    this.scraper.know(plan.aims);
    await this.#reloads.load(plan, 'active');
    await web.replace();
    this.#replaced += 1;
    // Between reloads, after which files would be read in any case.
    for (let step = 0; step < ROOT_STEPS; step += 1) {
      await pause(STEP_EVERY_MS);
      await servers.turn();
    }
  }
}
