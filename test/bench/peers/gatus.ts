import { freePort } from '../../support/free-port.ts';
import { type Contender, type Task, urlsOf } from '../contender.ts';
import { launch } from '../launch.ts';

// It starts an endpoint every 222 ms: few endpoints that are probed often are the only way to a high rate.
const INTERVAL_S = 0.1;

/** Gatus: no limit of concurrency, one condition, results in memory. */
export function gatus(binary: string): Contender {
  return {
    name: 'gatus',
    async start(task) {
      const port = await freePort();
      const file = await task.folder.write('gatus.yml', configOf(task, port));
      // It has no setting for a CA, but Go's own variable.
      const trust = task.scheme === 'https' ? { SSL_CERT_FILE: task.target.rootFile } : {};
      const env = { GATUS_CONFIG_PATH: file, GATUS_LOG_LEVEL: 'WARN', ...trust };
      const running = launch(binary, [], { env });
      return { ...running, metricsUrl: `http://127.0.0.1:${port}/metrics` };
    },
  };
}

/** How long it takes until all its endpoints have been started. */
export function gatusStartsInS(rate: number): number {
  return rate * INTERVAL_S * 0.222;
}

function configOf(task: Task, port: number): string {
  const endpoints = urlsOf(task, INTERVAL_S).map(
    (url, index) => `  - name: t${index}
    url: ${url}
    interval: ${INTERVAL_S * 1000}ms
    conditions: ["[STATUS] == 200"]`,
  );
  return `metrics: true
concurrency: 0
web: { address: 127.0.0.1, port: ${port} }
endpoints:
${endpoints.join('\n')}
`;
}
