import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Contender } from '../contender.ts';
import { say } from '../say.ts';
import { tool, toolsFolder } from '../tools.ts';
import { blackbox } from './blackbox.ts';
import { cloudprober, cloudproberAsItComes } from './cloudprober.ts';
import { gatus } from './gatus.ts';
import { pythonService, pythonWithPackages } from './python.ts';

const BUILD = fileURLToPath(new URL('build.sh', import.meta.url));

type GoPeer = { readonly binary: string; readonly make: (binary: string) => Contender };

const GO_PEERS: Readonly<Record<string, GoPeer>> = {
  cloudprober: { binary: 'cloudprober', make: cloudprober },
  blackbox_exporter: { binary: 'blackbox_exporter', make: blackbox },
  gatus: { binary: 'gatus', make: gatus },
  'cloudprober-as-it-comes': { binary: 'cloudprober', make: cloudproberAsItComes },
};

/** The names of all peers. */
export const PEERS: readonly string[] = [...Object.keys(GO_PEERS), 'python'];

/** Those of the peers that are here or can be built; of the others a word is said. */
export async function findPeers(names: readonly string[]): Promise<readonly Contender[]> {
  const found: Contender[] = [];
  for (const name of names) {
    const known = GO_PEERS[name];
    const peer = known === undefined ? await python() : goPeer(known);
    if (peer !== undefined) found.push(peer);
  }
  return found;
}

function goPeer({ binary: name, make }: GoPeer): Contender | undefined {
  if (tool(name) === undefined && tool('go') !== undefined)
    spawnSync(BUILD, [toolsFolder(), name], { stdio: ['ignore', 'inherit', 'inherit'] });
  const file = tool(name);
  if (file !== undefined) return make(file);
  say(`${name} is left out: it is not on the PATH and could not be built with Go`);
  return undefined;
}

async function python(): Promise<Contender | undefined> {
  const found = await pythonWithPackages();
  if ('python' in found) return pythonService(found.python);
  say(`the Python service is left out: ${found.why}`);
  return undefined;
}
