import type { styleText } from 'node:util';
import { PHASES, type PhaseName, type ProbeResult } from '../probe/result.ts';
import type { TargetState } from '../state/target-state.ts';

/** Puts colour on a text where it is wanted. */
export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

const COLOURS = { dns: 'magenta', connect: 'blue', tls: 'cyan', wait: 'yellow', transfer: 'green' } as const;
/** What a bar is drawn with, so that it tells the phases apart without colour too. */
const LETTERS = { dns: 'd', connect: 'c', tls: 's', wait: 'w', transfer: 't' } as const;
const BAR_WIDTH = 30;
const HEADINGS = ['', 'URL', 'STATUS', 'MS', 'PHASES', 'RESULT'];

/** The results of a round as a table for people; with `paint` in colour. */
export function onceTable(states: readonly TargetState[], paint: Paint): string {
  const longestMs = Math.max(...states.map(({ latest }) => latest?.responseMs ?? 0));
  const rows = states.map((state) => cellsOf(state, longestMs));
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const lines = rows.map((cells, index) => painted(padded(cells, widths), states[index], paint));
  const head = paint('bold', padded(HEADINGS, widths).join('  ').trimEnd());
  return `${[head, ...lines, '', summary(states, paint), legend(paint)].join('\n')}\n`;
}

function cellsOf({ target, latest }: TargetState, longestMs: number): readonly string[] {
  const labels = Object.entries(target.labels).map(([name, value]) => `${name}=${value}`);
  const { result = 'internal_error', reason, statusCode, responseMs } = latest ?? {};
  return [
    result === 'success' ? 'up' : 'down',
    [target.url, ...labels].join(' '),
    statusCode === undefined ? '' : String(statusCode),
    responseMs?.toFixed(1) ?? '',
    latest === undefined ? '' : bar(latest, longestMs),
    reason === undefined ? result : `${result}: ${reason}`,
  ];
}

function padded(cells: readonly string[], widths: readonly number[]): readonly string[] {
  const isNumber = (column: number) => HEADINGS[column] === 'MS' || HEADINGS[column] === 'STATUS';
  return cells.map((cell, column) => {
    const width = widths[column] ?? 0;
    return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
  });
}

// Each letter stands for the same time in all rows; a phase that was entered has one at least.
function bar({ phases }: ProbeResult, longestMs: number): string {
  return PHASES.map((phase) => {
    const spentMs = phases[phase];
    if (spentMs === undefined) return '';
    const letters = Math.max(1, Math.round((spentMs / Math.max(longestMs, 1)) * (BAR_WIDTH - PHASES.length)));
    return LETTERS[phase].repeat(letters);
  }).join('');
}

function painted(cells: readonly string[], state: TargetState | undefined, paint: Paint): string {
  const isUp = state?.latest?.result === 'success';
  const [health = '', url = '', status = '', ms = '', phases = '', result = ''] = cells;
  const shown = phases.replace(/(.)\1*/g, (letters) => paintedPhase(letters, paint));
  const colour = isUp ? 'green' : 'red';
  return [
    paint(colour, health),
    url,
    status,
    ms,
    shown,
    isUp ? result.trimEnd() : paint('red', result.trimEnd()),
  ].join('  ');
}

function paintedPhase(letters: string, paint: Paint): string {
  const phase = PHASES.find((name) => LETTERS[name] === letters[0]);
  return phase === undefined ? letters : paint(COLOURS[phase], letters);
}

function summary(states: readonly TargetState[], paint: Paint): string {
  const up = states.filter(({ latest }) => latest?.result === 'success').length;
  return paint(up === states.length ? 'green' : 'red', `${up} of ${states.length} up`);
}

function legend(paint: Paint): string {
  const entry = (phase: PhaseName) => `${paint(COLOURS[phase], LETTERS[phase])} ${phase}`;
  return `phases: ${PHASES.map(entry).join(', ')}`;
}
