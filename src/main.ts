#!/usr/bin/env node
import { App, type AppOptions } from './app.ts';
import { parseCommandLine } from './config/command-line/command-line.ts';
import { helpText } from './config/command-line/help.ts';
import type { Options } from './config/command-line/options.ts';
import { faultLine } from './config/fault.ts';
import { makeLoader } from './config/load.ts';
import { printConfig } from './config/print.ts';
import { loadWebConfig } from './config/web/web-config.ts';
import { type Demo, startDemo } from './demo.ts';
import { createLog, type Log } from './log.ts';
import { probeOnce } from './once/once.ts';
import { settleCollections } from './runtime/memory.ts';
import { VERSION } from './version.ts';

// Less than the 5 s that are promised, and far less than the 30 s that Kubernetes waits.
const STOP_WITHIN_MS = 4800;

settleCollections();
process.exitCode = await runMain();

/** From the command line to the exit code; undefined while the service runs. */
async function runMain(): Promise<number | undefined> {
  const commandLine = parseCommandLine(process.argv.slice(2), process.env);
  if ('faults' in commandLine) return printFaults(2, commandLine.faults);
  const { options } = commandLine;
  if (options.help) return printText(helpText());
  if (options.version) return printText(`external-url-exporter ${VERSION} (Node.js ${process.version})\n`);
  const demo = options.demo ? await startDemo() : undefined;
  const demoUrls = demo && { demoUrls: [`${demo.url}/200`, `${demo.url}/503`] };
  const loader = makeLoader({ ...options, ...demoUrls }, process.env);
  const loaded = await loader.load();
  const web = await loadWebConfig(options.webConfigFile);
  // A target file that breaks later keeps its last valid targets; at the start there are none.
  const faults = 'faults' in loaded ? loaded.faults : loaded.config.sourceFaults;
  const webFaults = 'faults' in web ? web.faults : [];
  if ('faults' in loaded || 'faults' in web || faults.length > 0) {
    const lines = [...faults, ...webFaults].map(faultLine);
    await demo?.stop();
    return options.configCheck ? printText(`${lines.join('\n')}\n`, 1) : printFaults(1, lines);
  }
  return runConfig({ config: loaded.config, options, loader, webConfig: web.config }, demo);
}

type Parts = Omit<AppOptions, 'log'>;

async function runConfig(parts: Parts, demo: Demo | undefined): Promise<number | undefined> {
  const { config, options } = parts;
  if (!options.configCheck && !options.configPrint && !options.once) {
    return serve(parts, demo);
  }
  try {
    if (options.configCheck)
      return printText(`${options.configFile ?? 'the config'}: ok, ${config.targets.length} targets\n`);
    if (options.configPrint) return printText(printConfig(config));
    const { text, exitCode } = await probeOnce(config, options, await createLog(logOptions(options)));
    return printText(text, exitCode);
  } finally {
    await demo?.stop();
  }
}

async function serve(parts: Parts, demo: Demo | undefined): Promise<number | undefined> {
  const log = await createLog(logOptions(parts.options));
  exitOnBugs(log);
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
    return printFaults(1, [messageOf(error)]);
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

// After an unforeseen exception the state of the process is unknown; systemd or Kubernetes starts it again.
function exitOnBugs(log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      log.error({ err: err instanceof Error ? err : new Error(String(err)) }, event);
      process.exit(1);
    });
  }
}

async function printText(text: string, exitCode = 0): Promise<number> {
  const error = await write(process.stdout, text);
  // A reader that has closed the pipe needs no more, such as `head`.
  if (error === undefined || error.code === 'EPIPE') return exitCode;
  return printFaults(1, [`cannot write to stdout: ${error.message}`]);
}

async function printFaults(exitCode: number, sentences: readonly string[]): Promise<number> {
  // If stderr is closed too, the exit code says it alone.
  await write(process.stderr, sentences.map((sentence) => `external-url-exporter: ${sentence}\n`).join(''));
  return exitCode;
}

/** Writes a text; the error if that fails. */
function write(stream: NodeJS.WriteStream, text: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    stream.once('error', resolve);
    stream.write(text, (error) => error ?? resolve(undefined));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
