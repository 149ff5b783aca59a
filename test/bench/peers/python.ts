import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free-port.ts';
import { run } from '../../support/program.ts';
import { type Contender, INTERVAL_S, urlsOf } from '../contender.ts';
import { launch } from '../launch.ts';
import { tool, toolsFolder } from '../tools.ts';

const FOLDER = fileURLToPath(new URL('../python/', import.meta.url));

/** A service in Python with one probing thread: requests and prometheus_client. */
export function pythonService(python: string): Contender {
  return {
    name: 'python service',
    async start(task) {
      const port = await freePort();
      const file = await task.folder.write('urls.txt', urlsOf(task).join('\n'));
      const env = task.scheme === 'https' ? { REQUESTS_CA_BUNDLE: task.target.rootFile } : {};
      const args = [join(FOLDER, 'service.py'), file, String(port), String(INTERVAL_S)];
      const running = launch(python, args, { env });
      return { ...running, metricsUrl: `http://127.0.0.1:${port}/metrics` };
    },
  };
}

/** The interpreter of an environment that has what the service needs, made if Python and pip are there; else why not. */
export async function pythonWithPackages(): Promise<{ readonly python: string } | { readonly why: string }> {
  const system = tool('python3');
  if (system === undefined) return { why: 'there is no python3' };
  const environment = join(toolsFolder(), 'python');
  const python = join(environment, 'bin/python');
  const ready = (file: string) => run(file, ['-c', 'import requests, prometheus_client']);
  if (existsSync(python) && (await ready(python)).exitCode === 0) return { python };
  const steps = [
    () => run(system, ['-m', 'venv', environment]),
    () => run(python, ['-m', 'pip', 'install', '--quiet', '-r', join(FOLDER, 'requirements.txt')]),
  ];
  for (const step of steps) {
    const { exitCode, output } = await step();
    if (exitCode !== 0) return { why: `its packages could not be installed: ${output.trim()}` };
  }
  return { python };
}
