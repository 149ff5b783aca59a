import * as z from 'zod';
import { program } from '../../support/program.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { untilAnswer } from '../../support/until.ts';

/** One series of an answer; the name is the label `__name__`. */
export type Answer = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** A Prometheus of its own on a free port of the loopback. */
export type Prometheus = AsyncDisposable & {
  /** As it stands in a URL: `127.0.0.1:PORT`. */
  readonly authority: string;
  /** What an instant query gives, now. */
  query(expression: string): Promise<readonly Answer[]>;
  /** Asks again until the answer is as it is to be, and gives it. */
  queryUntil(
    expression: string,
    holds: (answer: readonly Answer[]) => boolean,
    what: string,
  ): Promise<readonly Answer[]>;
};

const PATIENCE_MS = 30_000;
const ASK_EVERY_MS = 50;

/** Starts Prometheus with a configuration file of this content. */
export async function prometheus(config: string, flags: readonly string[] = []): Promise<Prometheus> {
  await using files = new AsyncDisposableStack();
  const folder = files.use(await tempFolder());
  const running = files.use(
    program('prometheus', [
      `--config.file=${await folder.write('prometheus.yml', config)}`,
      `--storage.tsdb.path=${folder.path}/data`,
      '--web.listen-address=127.0.0.1:0',
      ...flags,
    ]),
  );
  const [, authority = ''] = await running.says(/"?Listening on"? .*?(127\.0\.0\.1:\d+)/);
  await running.says(/Server is ready to receive web requests/);
  const query = (expression: string) => ask(authority, expression);
  const owned = files.move();
  return {
    authority,
    query,
    async queryUntil(expression, holds, what) {
      const patience = { patienceMs: PATIENCE_MS, everyMs: ASK_EVERY_MS };
      try {
        return await untilAnswer(() => query(expression), holds, `${expression}: ${what}`, patience);
      } catch (cause) {
        throw new Error(`Prometheus did not come so far, but wrote:\n${running.output()}`, { cause });
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const answerSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string()]),
      }),
    ),
  }),
});

async function ask(authority: string, expression: string): Promise<readonly Answer[]> {
  const response = await fetch(`http://${authority}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression }),
  });
  if (!response.ok) throw new Error(`${expression}: ${response.status} ${await response.text()}`);
  const { data } = answerSchema.parse(await response.json());
  return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
}
