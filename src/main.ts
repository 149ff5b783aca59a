#!/usr/bin/env node
import { App, type AppParts } from './app.ts';
import { parseCommandLine } from './config/command-line/command-line.ts';
import { helpText } from './config/command-line/help.ts';
import type { Options } from './config/command-line/options.ts';
import { TargetFiles } from './config/discovery/target-files.ts';
import { faultLine } from './config/fault.ts';
import { loadConfig } from './config/load.ts';
import { printConfig } from './config/print.ts';
import { loadWebConfig } from './config/web/web-config.ts';
import { type Demo, startDemo } from './demo.ts';
import { createLog, type Log } from './log.ts';
import { once } from './once/once.ts';
import { settleCollections } from './runtime/memory.ts';
import { VERSION } from './version.ts';

// Within the 5 s that are promised, and well within the 30 s that Kubernetes waits.
const STOP_WITHIN_MS = 4800;

settleCollections();
process.exitCode = await main();

/** From the command line to the exit code; undefined while the service runs. */
async function main(): Promise<number | undefined> {
  const commandLine = parseCommandLine(process.argv.slice(2), process.env);
  if ('faults' in commandLine) return fail(2, commandLine.faults);
  const { options } = commandLine;
  if (options.help) return print(helpText());
  if (options.version) return print(`external-url-exporter ${VERSION} (Node.js ${process.version})\n`);
  const demo = options.demo ? await startDemo() : undefined;
  const demoUrls = demo === undefined ? [] : [`${demo.url}/200`, `${demo.url}/503`];
  const targetFiles = new TargetFiles();
  const load = () => loadConfig(options, process.env, demoUrls, targetFiles);
  const loaded = await load();
  const web = await loadWebConfig(options.webConfigFile);
  // A target file that is broken later keeps its targets; now there are none to keep.
  const faults = 'faults' in loaded ? loaded.faults : loaded.config.targetFileFaults;
  const webFaults = 'faults' in web ? web.faults : [];
  if ('faults' in loaded || 'faults' in web || faults.length > 0) {
    const lines = [...faults, ...webFaults].map(faultLine);
    await demo?.stop();
    return options.configCheck ? print(`${lines.join('\n')}\n`, 1) : fail(1, lines);
  }
  return run({ config: loaded.config, options, load, webConfig: web.config }, demo);
}

type Parts = Omit<AppParts, 'log'>;

async function run(parts: Parts, demo: Demo | undefined): Promise<number | undefined> {
  const { config, options } = parts;
  if (!options.configCheck && !options.configPrint && !options.once) {
    return serve(parts, demo);
  }
  try {
    if (options.configCheck)
      return print(`${options.configFile ?? 'the config'}: ok, ${config.targets.length} targets\n`);
    if (options.configPrint) return print(printConfig(config));
    const { text, exitCode } = await once(config, options, await createLog(logOptions(options)));
    return print(text, exitCode);
  } finally {
    await demo?.stop();
  }
}

async function serve(parts: Parts, demo: Demo | undefined): Promise<number | undefined> {
  const log = await createLog(logOptions(parts.options));
  dieOfOwnFaults(log);
  const app = new App({ ...parts, log });
  stopOnSignal(log, async () => {
    await app.stop();
    await demo?.stop();
  });
  try {
    const address = await app.start();
    process.on('SIGHUP', () => void app.reload('SIGHUP'));
    log.info({ ...address, targets: parts.config.targets.length, version: VERSION }, 'listening');
    return undefined;
  } catch (error) {
    await Promise.all([app.stop(), demo?.stop()]);
    return fail(1, [messageOf(error)]);
  }
}

function logOptions({ logLevel, logFormat }: Options): Parameters<typeof createLog>[0] {
  return { level: logLevel, ...(logFormat !== undefined && { format: logFormat }) };
}

function stopOnSignal(log: Log, stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      log.info({ signal }, 'stopping');
      setTimeout(() => {
        log.error({}, 'could not stop in time');
        process.exit(1);
      }, STOP_WITHIN_MS);
      void stop().then(() => process.exit(0));
    });
  }
}

// After an exception that nobody foresaw nothing can be trusted any more; whoever runs us starts us again.
function dieOfOwnFaults(log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      log.error({ err: err instanceof Error ? err : new Error(String(err)) }, event);
      process.exit(1);
    });
  }
}

async function print(text: string, exitCode = 0): Promise<number> {
  const error = await written(process.stdout, text);
  // A reader that has gone has seen enough, as `head` has.
  if (error === undefined || error.code === 'EPIPE') return exitCode;
  return fail(1, [`cannot write to stdout: ${error.message}`]);
}

async function fail(exitCode: number, sentences: readonly string[]): Promise<number> {
  // With stderr gone as well there is nobody left to tell; the exit code says it.
  await written(process.stderr, sentences.map((sentence) => `external-url-exporter: ${sentence}\n`).join(''));
  return exitCode;
}

/** Writes, and tells why that could not be done. */
function written(stream: NodeJS.WriteStream, text: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    stream.once('error', resolve);
    stream.write(text, (error) => error ?? resolve(undefined));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
