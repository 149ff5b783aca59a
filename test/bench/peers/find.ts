import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Contender } from '../contender.ts';
import { say } from '../say.ts';
import { onPath, toolsFolder } from '../tools.ts';
import { blackbox } from './blackbox.ts';
import { cloudprober } from './cloudprober.ts';
import { gatus } from './gatus.ts';
import { pythonService, pythonWithPackages } from './python.ts';

const BUILD = fileURLToPath(new URL('build.sh', import.meta.url));

const GO_PEERS: Readonly<Record<string, (binary: string) => Contender>> = {
  cloudprober,
  blackbox_exporter: blackbox,
  gatus,
};

/** The names of all peers. */
export const PEERS: readonly string[] = [...Object.keys(GO_PEERS), 'python'];

/** Those of the peers that are here or can be built; of the others a word is said. */
export async function findPeers(names: readonly string[]): Promise<readonly Contender[]> {
  const found: Contender[] = [];
  for (const name of names) {
    const make = GO_PEERS[name];
    const peer = make === undefined ? await python() : goPeer(name, make);
    if (peer !== undefined) found.push(peer);
  }
  return found;
}

function goPeer(name: string, make: (binary: string) => Contender): Contender | undefined {
  if (onPath(name) === undefined && onPath('go') !== undefined)
    spawnSync(BUILD, [toolsFolder(), name], { stdio: ['ignore', 'inherit', 'inherit'] });
  const binary = onPath(name);
  if (binary !== undefined) return make(binary);
  say(`${name} is left out: it is not on the PATH and could not be built with Go`);
  return undefined;
}

async function python(): Promise<Contender | undefined> {
  const found = await pythonWithPackages();
  if ('python' in found) return pythonService(found.python);
  say(`the Python service is left out: ${found.why}`);
  return undefined;
}
