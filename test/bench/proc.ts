import { readdirSync, readFileSync } from 'node:fs';

// Ticks of /proc are hundredths of a second on every Linux that Node.js runs on.
const TICKS_PER_SECOND = 100;

/** Processor time that a process has spent so far, user and system, all threads, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold spaces; user and system time are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Memory that a process holds, in MB (10^6 bytes), at this moment and at most so far. */
export function memoryMb(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (key: string) =>
    (Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024) / 1e6;
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** How many threads a process has. */
export function threadCount(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).length;
}

/** What all processors of the machine did from one moment to another, as shares of their time. */
export type MachineLoad = { readonly idle: number; readonly stolen: number };

/** Begins to watch the machine; what it gives says how busy the machine was since. */
export function watchMachine(): () => MachineLoad {
  const before = machineTicks();
  return () => {
    const spent = machineTicks().map((ticks, index) => ticks - (before[index] ?? 0));
    const total = Math.max(1, sum(spent.slice(0, 8)));
    // user nice system idle iowait irq softirq steal
    return { idle: ((spent[3] ?? 0) + (spent[4] ?? 0)) / total, stolen: (spent[7] ?? 0) / total };
  };
}

function machineTicks(): readonly number[] {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  return line.trim().split(/\s+/).slice(1).map(Number);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
