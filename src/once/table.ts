import type { styleText } from 'node:util';
import { PHASES, type PhaseName, type ProbeResult } from '../probe/result.ts';
import type { TargetState } from '../state/target-state.ts';

/** Puts colour on a text where there is colour. */
export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

const COLOURS = { dns: 'magenta', connect: 'blue', tls: 'cyan', wait: 'yellow', transfer: 'green' } as const;
/** What a bar is drawn with: the phases differ without colour too. */
const LETTERS = { dns: 'd', connect: 'c', tls: 's', wait: 'w', transfer: 't' } as const;
const BAR_WIDTH = 30;

/** A cell of the table: its text in colour, and how wide it is without. */
type Cell = { readonly text: string; readonly width: number };

type Column = { readonly heading: string; readonly isNumber?: boolean };

const COLUMNS: readonly Column[] = [
  { heading: '' },
  { heading: 'URL' },
  { heading: 'STATUS', isNumber: true },
  { heading: 'MS', isNumber: true },
  { heading: 'PHASES' },
  { heading: 'RESULT' },
];

/** The results of a round as a table for people; with `paint` in colour. */
export function onceTable(states: readonly TargetState[], paint: Paint): string {
  const longestMs = Math.max(...states.map(({ latest }) => latest?.responseMs ?? 0));
  const rows = states.map((state) => cellsOf(state, longestMs, paint));
  const all = [COLUMNS.map(({ heading }) => cell(heading)), ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...all.map((cells) => cells[column]?.width ?? 0)));
  const [head = '', ...lines] = all.map((cells) => lineOf(cells, widths));
  return `${[paint('bold', head), ...lines, '', summary(states, paint), legend(paint)].join('\n')}\n`;
}

function cell(text: string, coloured = text): Cell {
  return { text: coloured, width: text.length };
}

function cellsOf({ target, latest }: TargetState, longestMs: number, paint: Paint): readonly Cell[] {
  const labels = Object.entries(target.labels).map(([name, value]) => `${name}=${value}`);
  const { result = 'internal_error', reason, statusCode, responseMs } = latest ?? {};
  const isUp = result === 'success';
  const health = isUp ? 'up' : 'down';
  const outcome = reason === undefined ? result : `${result}: ${reason}`;
  return [
    cell(health, paint(isUp ? 'green' : 'red', health)),
    cell([target.url, ...labels].join(' ')),
    cell(statusCode === undefined ? '' : String(statusCode)),
    cell(responseMs?.toFixed(1) ?? ''),
    latest === undefined ? cell('') : bar(latest, longestMs, paint),
    cell(outcome, isUp ? outcome : paint('red', outcome)),
  ];
}

// The last column needs no padding.
function lineOf(cells: readonly Cell[], widths: readonly number[]): string {
  const padded = cells.map(({ text, width }, column) => {
    const space = ' '.repeat((widths[column] ?? 0) - width);
    if (column === cells.length - 1) return text;
    return COLUMNS[column]?.isNumber === true ? space + text : text + space;
  });
  return padded.join('  ');
}

// Each letter stands for the same time in all rows; a phase that was entered has one at least.
function bar({ phases }: ProbeResult, longestMs: number, paint: Paint): Cell {
  const parts = PHASES.flatMap((phase) => {
    const spentMs = phases[phase];
    if (spentMs === undefined) return [];
    const share = spentMs / Math.max(longestMs, 1);
    const letters = LETTERS[phase].repeat(Math.max(1, Math.round(share * (BAR_WIDTH - PHASES.length))));
    return [cell(letters, paint(COLOURS[phase], letters))];
  });
  return {
    text: parts.map(({ text }) => text).join(''),
    width: parts.reduce((sum, { width }) => sum + width, 0),
  };
}

function summary(states: readonly TargetState[], paint: Paint): string {
  const up = states.filter(({ latest }) => latest?.result === 'success').length;
  return paint(up === states.length ? 'green' : 'red', `${up} of ${states.length} up`);
}

function legend(paint: Paint): string {
  const entry = (phase: PhaseName) => `${paint(COLOURS[phase], LETTERS[phase])} ${phase}`;
  return `phases: ${PHASES.map(entry).join(', ')}`;
}
