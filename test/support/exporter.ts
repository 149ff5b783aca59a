import { fileURLToPath } from 'node:url';
import { type Program, program } from './program.ts';
import { untilAnswer } from './until.ts';

/** The exporter as a program of its own. */
export type Exporter = Program & {
  /** As it stands in a URL: `127.0.0.1:PORT`. */
  readonly authority: string;
  url(path: string): string;
  /** The text of /metrics; fails unless the answer is 200. */
  metrics(): Promise<string>;
  /** Scrapes again and again until the text has this so many times, `^` being the start of a line, and gives it. */
  metricsUntil(pattern: RegExp, times?: number): Promise<string>;
};

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Starts the exporter on a free port of the loopback, by another command if one is given, and waits until it listens. */
export async function exporter(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  by: readonly string[] = [],
): Promise<Exporter> {
  const flags = ['--web.listen-address=127.0.0.1:0', '--log.format=json'];
  const [file = process.execPath, ...rest] = [...by, process.execPath, MAIN, ...flags, ...args];
  await using stack = new AsyncDisposableStack();
  const running = stack.use(program(file, rest, { env }));
  const [, port] = await running.says(/"port":(\d+).*"msg":"listening"/);
  const authority = `127.0.0.1:${port}`;
  const url = (path: string) => `http://${authority}${path}`;
  async function metrics(): Promise<string> {
    const response = await fetch(url('/metrics'));
    const body = await response.text();
    if (response.status !== 200) throw new Error(`/metrics answers ${response.status}: ${body}`);
    return body;
  }
  stack.move();
  return {
    ...running,
    authority,
    url,
    metrics,
    async metricsUntil(pattern, times = 1) {
      const inLines = new RegExp(pattern, 'gm');
      const holds = (text: string) => (text.match(inLines) ?? []).length >= times;
      try {
        return await untilAnswer(metrics, holds, `/metrics has ${times} times ${pattern}`);
      } catch (cause) {
        throw new Error(`the exporter did not come so far, but wrote:\n${running.output()}`, { cause });
      }
    },
  };
}
