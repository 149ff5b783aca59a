import { tempFolder } from '../support/temp-folder.ts';
import type { IdleCheck } from './idle.ts';
import { type Measure, measuresOf, underLoad } from './measure.ts';
import { Plan } from './plan.ts';
import { Reloads } from './reloads.ts';
import { Scenario } from './scenario.ts';
import type { Scraper } from './scraper.ts';
import { startServers } from './servers.ts';
import { startSink } from './sink.ts';
import { startSubject } from './subject.ts';
import { webCertificate } from './web-certificate.ts';

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
  readonly warm: IdleCheck;
  readonly end: IdleCheck;
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
// Until then not everything has happened once.
const LEAST_WARM_UP_MS = 20_000;
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
  const scenario = new Scenario({
    servers,
    sink,
    web,
    plan,
    subject,
    folder,
    pushEveryMs: PUSH_EVERY_MS,
    say: options.say,
  });
  const wholeMs = options.minutes * 60_000;
  const warm = await scenario.run(Math.max(LEAST_WARM_UP_MS, wholeMs * WARM_UP_SHARE));
  const end = await scenario.run(wholeMs * (1 - WARM_UP_SHARE));
  const { scraper, reloads, workedMs } = scenario;
  return {
    warm,
    end,
    measures: [...measuresOf(warm.usage, end.usage), underLoad(scraper.residentBytes, WARM_UP_SHARE)],
    faults: [...scenario.faults(end), ...warm.faults, ...end.faults],
    scraper,
    reloads,
    pushes: sink.requests(),
    workedSeconds: workedMs / 1000,
    log: subject.program.output(),
  };
}
