import { setTimeout as pause } from 'node:timers/promises';
import { tempFolder } from '../support/temp-folder.ts';
import { type Measure, measuresOf, underLoad } from './measure.ts';
import { Plan } from './plan.ts';
import { Reloads } from './reloads.ts';
import { atRest, type Rest } from './rest.ts';
import { Scraper } from './scraper.ts';
import { timesOf } from './served.ts';
import { type Servers, startServers } from './servers.ts';
import { type Sink, startSink } from './sink.ts';
import { type Subject, startSubject } from './subject.ts';
import { ROOT_STEPS } from './tls-kinds.ts';
import { type WebCertificate, webCertificate } from './web-certificate.ts';

/** How long and how hard it is soaked. */
export type SoakOptions = {
  readonly minutes: number;
  readonly targets: number;
  /** From probe to probe of each target, as the config file has it. */
  readonly interval: string;
  /** The entry of the exporter. */
  readonly main: string;
  readonly say: (text: string) => void;
};

/** What came of it. */
export type Soaked = {
  readonly warm: Rest;
  readonly end: Rest;
  readonly measures: readonly Measure[];
  readonly faults: readonly string[];
  readonly scraper: Scraper;
  readonly reloads: number;
  readonly pushes: number;
  /** Seconds in which targets were probed. */
  readonly workedSeconds: number;
  /** All that the exporter wrote. */
  readonly log: string;
};

const WARM_UP_SHARE = 0.2;
const RELOAD_EVERY_MS = 10_000;
// More than the second after which a root is looked at again.
const STEP_EVERY_MS = 2000;
const PUSH_EVERY_MS = 5000;

/** Soaks the exporter. */
export async function soak(options: SoakOptions): Promise<Soaked> {
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await tempFolder());
  const servers = stack.use(await startServers(options.targets, folder));
  const sink = stack.use(await startSink());
  const web = await webCertificate(folder);
  const plan = new Plan(servers.started, options.interval);
  const subject = stack.use(
    await startSubject({
      main: options.main,
      configFile: await Reloads.first(folder, plan),
      webConfigFile: web.configFile,
      ca: web.ca,
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        OTEL_METRIC_EXPORT_INTERVAL: `${PUSH_EVERY_MS}`,
      },
    }),
  );
  const course = new Course({ servers, sink, web, plan, subject, folder, say: options.say });
  const wholeMs = options.minutes * 60_000;
  const warm = await course.stretch(wholeMs * WARM_UP_SHARE);
  const end = await course.stretch(wholeMs * (1 - WARM_UP_SHARE));
  const { scraper, reloads, workedMs } = course;
  return {
    warm,
    end,
    measures: [...measuresOf(warm.holdings, end.holdings), underLoad(scraper.residentBytes, WARM_UP_SHARE)],
    faults: [...course.faults(end), ...warm.faults, ...end.faults],
    scraper,
    reloads,
    pushes: sink.requests(),
    workedSeconds: workedMs / 1000,
    log: subject.program.output(),
  };
}

type Parts = {
  readonly servers: Servers;
  readonly sink: Sink;
  readonly web: WebCertificate;
  readonly plan: Plan;
  readonly subject: Subject;
  readonly folder: string;
  readonly say: (text: string) => void;
};

/** What happens to the exporter one after the other. */
class Course {
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
  async stretch(forMs: number): Promise<Rest> {
    const { plan, say } = this.#parts;
    if (this.reloads > 0) await this.#reloads.load(plan, 'at work');
    const startMs = performance.now();
    const over = new AbortController();
    const scraping = this.scraper.run(over.signal);
    const leftMs = () => forMs - (performance.now() - startMs);
    while (leftMs() > RELOAD_EVERY_MS) {
      const nextMs = leftMs() - RELOAD_EVERY_MS;
      await this.#change();
      await pause(Math.max(0, leftMs() - nextMs));
    }
    await pause(Math.max(0, leftMs()));
    await this.#reloads.load(plan, 'at rest');
    this.workedMs += performance.now() - startMs;
    over.abort();
    await scraping;
    say(`${this.reloads} reloads, ${this.scraper.scrapes} scrapes; now at rest\n`);
    return atRest(plan.aims, { ...this.#parts, scraper: this.scraper, pushEveryMs: PUSH_EVERY_MS });
  }

  /** Everything that was wrong on the way. */
  faults({ served }: Rest): readonly string[] {
    const again = [...this.#servedWhenGone].filter(([url, times]) => timesOf(served, url) > times);
    const probed = again.map(
      ([url, times]) => `${url}: served ${times} times, then removed, and served again`,
    );
    const hangUps = this.#parts.subject.hangUps();
    // A handshake that is under way at that moment is given up.
    const unanswered =
      hangUps > this.#replaced ? [`${hangUps} connections were closed without an answer`] : [];
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
    await this.#reloads.load(plan, 'at work');
    await web.replace();
    this.#replaced += 1;
    // Between reloads, after which files would be read in any case.
    for (let step = 0; step < ROOT_STEPS; step += 1) {
      await pause(STEP_EVERY_MS);
      await servers.turn();
    }
  }
}
