import type { Contender } from './contender.ts';
import { INTERVAL_S, urlsOf } from './contender.ts';
import { startExporter } from './exporter.ts';

/** The exporter as a contender: the bundle of an entry file, with further lines of config. */
export function ours(name: string, main: string, tls: readonly string[] = []): Contender {
  return {
    name,
    ...(tls.length > 0 && { schemes: ['https'] as const }),
    async start(task) {
      const config =
        task.scheme === 'https'
          ? ['tls_config:', `  ca_file: ${task.target.rootFile}`, ...tls.map((line) => `  ${line}`)]
          : [];
      const exporter = await startExporter({
        urls: urlsOf(task),
        interval: `${INTERVAL_S}s`,
        folder: task.folder,
        main,
        config,
      });
      return { ...exporter, metricsUrl: `${exporter.url}/metrics` };
    },
  };
}
