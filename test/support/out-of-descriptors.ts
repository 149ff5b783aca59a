import { closeSync, openSync } from 'node:fs';
import { readSecret } from '../../src/probe/credentials/secret.ts';
import { Failure } from '../../src/probe/failure.ts';
import { cacheSystemFile } from '../../src/probe/file-cache.ts';
import { readProcessFigures } from '../../src/runtime/process.ts';

// Run under a limit of descriptors, with a file to read: prints what is found without a descriptor and, a line
// further, with some again.
const [, , file = ''] = process.argv;
const content = cacheSystemFile(file, (text) => text);

const taken = takeAll();
const without = await findings();
for (const descriptor of taken) closeSync(descriptor);
process.stdout.write(`${JSON.stringify(without)}\n${JSON.stringify(await findings())}\n`);

function takeAll(): readonly number[] {
  const descriptors: number[] = [];
  for (;;) {
    try {
      descriptors.push(openSync('/dev/null', 'r'));
    } catch {
      // Which is what this is for.
      return descriptors;
    }
  }
}

async function findings() {
  const secret = await readSecret({ file });
  const { residentMemoryBytes } = readProcessFigures();
  return {
    systemFile: systemFileNow(),
    secret: secret instanceof Failure ? secret.result : secret,
    isMemoryKnown: residentMemoryBytes !== undefined,
  };
}

function systemFileNow(): string {
  try {
    return content();
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
