import type { ClientRequest, IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { OPEN_WEB_CONFIG, type WebConfig } from '../../src/config/web/web-config.ts';
import type { WebOptions } from '../../src/web/routes.ts';
import { WebServer } from '../../src/web/server.ts';
import { recordingLog } from './log.ts';
import { webOptions } from './web-options.ts';

/** A web server on a free port of the loopback. */
export type RunningWeb = {
  readonly web: WebServer;
  readonly log: ReturnType<typeof recordingLog>;
  readonly port: number;
  readonly url: string;
};

// For responses in flight when the test is over.
const CLOSE_WITHIN_MS = 100;

/** Starts a web server with these options and this web config; it is closed when the test is over. */
export async function startWeb(
  t: TestContext,
  options: Partial<WebOptions> = {},
  config: Partial<WebConfig> = {},
): Promise<RunningWeb> {
  const log = recordingLog();
  const web = new WebServer(webOptions(options), log);
  web.applyConfig({ ...OPEN_WEB_CONFIG, ...config });
  const { port } = await web.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => web.close(CLOSE_WITHIN_MS));
  return { web, log, port, url: `http://127.0.0.1:${port}` };
}

/** The response to a request, once its header has come. */
export function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => sent.once('response', resolve).once('error', reject));
}
