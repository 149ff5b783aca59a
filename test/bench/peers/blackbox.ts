import { freePort } from '../../support/free-port.ts';
import { type Contender, INTERVAL_S, type Task } from '../contender.ts';
import { launch } from '../launch.ts';

/** Blackbox_exporter: a client asks for the probes at the rate, as Prometheus would; only its own CPU counts. */
export function blackbox(binary: string): Contender {
  return {
    name: 'blackbox_exporter',
    async start(task) {
      const port = await freePort();
      const authority = `127.0.0.1:${port}`;
      const file = await task.folder.write('blackbox.yml', configOf(task));
      const flags = [`--config.file=${file}`, `--web.listen-address=${authority}`, '--log.level=error'];
      const running = launch(binary, flags);
      await running.says(/^/);
      const [first = ''] = task.target.urls(task.scheme, 1);
      const url = `http://${authority}/probe?module=bench&target=${encodeURIComponent(first)}%3Fn%3D#`;
      const client = task.target.drive(task.rate, url, task.rate * INTERVAL_S);
      return {
        ...running,
        async [Symbol.asyncDispose]() {
          await client?.[Symbol.asyncDispose]();
          await running[Symbol.asyncDispose]();
        },
      };
    },
  };
}

function configOf({ scheme, target }: Task): string {
  const tls = scheme === 'https' ? `, tls_config: { ca_file: ${target.rootFile} }` : '';
  return `modules:
  bench:
    prober: http
    timeout: 5s
    http: { enable_http2: false, preferred_ip_protocol: ip4${tls} }
`;
}
