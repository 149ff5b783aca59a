import { type Program, type ProgramOptions, program } from '../support/program.ts';

/** Starts a program with as many open files as the machine allows; its process id is that of the program itself. */
export function launch(file: string, args: readonly string[], options: ProgramOptions = {}): Program {
  const raised = 'ulimit -n "$(ulimit -Hn)"; exec "$0" "$@"';
  return program('/bin/sh', ['-c', raised, file, ...args], options);
}
