import { freePort } from '../../support/free-port.ts';
import { type Contender, INTERVAL_S, type Task, urlsOf } from '../contender.ts';
import { launch } from '../launch.ts';

/** Cloudprober: one HTTP probe with all targets, a new connection each, no validators, Prometheus alone as surfacer. */
export function cloudprober(binary: string): Contender {
  return withSurfacers(binary, 'cloudprober', 'surfacer { type: PROMETHEUS }');
}

/** The same as it comes: it also writes all figures to stdout, a fifth more CPU at 200 probes/s. */
export function cloudproberAsItComes(binary: string): Contender {
  return withSurfacers(binary, 'cloudprober, as it comes', '');
}

function withSurfacers(binary: string, name: string, surfacers: string): Contender {
  return {
    name,
    async start(task) {
      const port = await freePort();
      const file = await task.folder.write('cloudprober.cfg', configOf(task, port, surfacers));
      const running = launch(binary, [
        '--config_file',
        file,
        '--cloud_metadata',
        'none',
        '--disable_cloud_logging',
      ]);
      return { ...running, metricsUrl: `http://127.0.0.1:${port}/metrics` };
    },
  };
}

function configOf(task: Task, port: number, surfacers: string): string {
  const urls = urlsOf(task);
  // So that the last target has started after one interval.
  const gapMs = Math.max(1, Math.floor((INTERVAL_S * 1000) / urls.length));
  const endpoints = urls.map((url, index) => `    endpoint { name: "t${index}" url: "${url}" }`);
  const tls = task.scheme === 'https' ? `tls_config { ca_cert_file: "${task.target.rootFile}" }` : '';
  return `host: "127.0.0.1"
port: ${port}
${surfacers}
probe {
  name: "bench"
  type: HTTP
  interval_msec: ${INTERVAL_S * 1000}
  timeout_msec: 5000
  targets {
${endpoints.join('\n')}
  }
  http_probe { interval_between_targets_msec: ${gapMs} ${tls} }
}
`;
}
