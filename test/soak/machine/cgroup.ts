import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A control group of our own that holds the memory of the processes in it. */
export type MemoryGroup = {
  /** Of which version of control groups it is. */
  readonly version: 1 | 2;
  /** The command by which a program runs in it. */
  readonly by: readonly string[];
  read(): MemoryUse;
  /** Only once no process is left in it. */
  remove(): void;
};

/** What a group has used, in bytes. */
export type MemoryUse = {
  /** The memory of the processes themselves, which cannot be had back. */
  readonly anonymous: number;
  /** All that is charged, with files in memory, of which room can be made. */
  readonly charged: number;
  readonly mostCharged: number;
  /** Processes that were killed for lack of memory. */
  readonly kills: number;
};

type Layout = {
  readonly version: 1 | 2;
  readonly root: string;
  readonly limit: string;
  readonly swap: string;
  readonly charged: string;
  readonly mostCharged: string;
  readonly anonymous: RegExp;
  readonly kills: string;
};

const LAYOUTS: readonly Layout[] = [
  {
    version: 1,
    root: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    swap: 'memory.memsw.limit_in_bytes',
    charged: 'memory.usage_in_bytes',
    mostCharged: 'memory.max_usage_in_bytes',
    anonymous: /^rss (\d+)$/m,
    kills: 'memory.oom_control',
  },
  {
    version: 2,
    root: '/sys/fs/cgroup',
    limit: 'memory.max',
    swap: 'memory.swap.max',
    charged: 'memory.current',
    mostCharged: 'memory.peak',
    anonymous: /^anon (\d+)$/m,
    kills: 'memory.events',
  },
];

/** Makes a group with this limit; throws where control groups of memory cannot be had, or without root. */
export function memoryGroup(limitBytes: number): MemoryGroup {
  const layout = LAYOUTS.find(({ root, version }) => {
    return existsSync(join(root, version === 1 ? 'memory.limit_in_bytes' : 'cgroup.controllers'));
  });
  if (layout === undefined) throw new Error('there are no control groups of memory in /sys/fs/cgroup');
  const folder = join(layout.root, `external-url-exporter-${process.pid}`);
  if (layout.version === 2) writeFileSync(join(layout.root, 'cgroup.subtree_control'), '+memory');
  mkdirSync(folder);
  const text = (file: string) => readFileSync(join(folder, file), 'utf8');
  const number = (file: string) => Number(text(file));
  writeFileSync(join(folder, layout.limit), `${limitBytes}`);
  if (existsSync(join(folder, layout.swap))) {
    writeFileSync(join(folder, layout.swap), layout.version === 1 ? `${limitBytes}` : '0');
  }
  return {
    version: layout.version,
    by: ['sh', '-c', `echo $$ > ${folder}/cgroup.procs && exec "$@"`, 'sh'],
    read: () => ({
      anonymous: Number(layout.anonymous.exec(text('memory.stat'))?.[1]),
      charged: number(layout.charged),
      mostCharged: number(layout.mostCharged),
      kills: Number(/^oom_kill (\d+)$/m.exec(text(layout.kills))?.[1]),
    }),
    remove: () => rmdirSync(folder),
  };
}
