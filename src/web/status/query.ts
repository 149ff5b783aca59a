import type { TargetFacts } from '../../state/facts.ts';
import { HISTORY_LENGTH } from '../../state/history.ts';

/** Which targets the status page shows, and in which order. */
export type StatusQuery = {
  readonly text: string;
  readonly state: StateFilter;
  readonly sort: SortKey;
  readonly isDescending: boolean;
  /** How many of them. */
  readonly rows: number;
};

/** How many targets are shown at first, and how many more at a time: as many as a browser refreshes with ease. */
export const ROWS_STEP = 250;
const MAX_ROWS = 10_000;

export type StateFilter = 'all' | TargetFacts['state'];
export type SortKey = keyof typeof COLUMNS;

/** The columns of the page with their headings and what they are sorted by; targets that have no such value come last. */
export const COLUMNS = {
  state: { heading: 'State', value: ({ state }) => ['down', 'unknown', 'up'].indexOf(state) },
  url: { heading: 'Target', value: ({ url }) => url },
  result: { heading: 'Result', value: ({ result }) => result },
  response: { heading: 'Response', value: ({ responseMs }) => responseMs },
  history: { heading: `Last ${HISTORY_LENGTH}`, value: failedShare },
  status: { heading: 'Status', value: ({ statusCode }) => statusCode },
  certificate: { heading: 'Certificate', value: ({ certificateExpiry }) => certificateExpiry },
  probed: { heading: 'Probed', value: ({ lastProbe }) => lastProbe },
} as const satisfies Readonly<
  Record<string, { heading: string; value: (facts: TargetFacts) => string | number | undefined }>
>;

export const STATES: readonly StateFilter[] = ['all', 'down', 'unknown', 'up'];

/** Reads the query of the page's URL; an invalid parameter has its default. */
export function parseQuery(parameters: URLSearchParams): StatusQuery {
  const sort = parameters.get('sort') ?? '';
  const state = parameters.get('state');
  return {
    text: (parameters.get('q') ?? '').trim(),
    state: STATES.find((known) => known === state) ?? 'all',
    sort: isSortKey(sort) ? sort : 'state',
    isDescending: parameters.get('dir') === 'desc',
    rows: Math.min(MAX_ROWS, Math.max(ROWS_STEP, Number.parseInt(parameters.get('rows') ?? '', 10) || 0)),
  };
}

/** Whether a text names a column. */
export function isSortKey(text: string): text is SortKey {
  return Object.hasOwn(COLUMNS, text);
}

/** The query as it is written in a URL, without defaults. */
export function formatQuery({ text, state, sort, isDescending, rows }: StatusQuery): string {
  const parameters = new URLSearchParams();
  if (text !== '') parameters.set('q', text);
  if (state !== 'all') parameters.set('state', state);
  if (sort !== 'state') parameters.set('sort', sort);
  if (isDescending) parameters.set('dir', 'desc');
  if (rows !== ROWS_STEP) parameters.set('rows', String(rows));
  return `?${parameters}`;
}

/** The targets that have every word of the text in their URL, labels, result or its reason. */
export function filterTargets(
  targets: readonly TargetFacts[],
  { text }: StatusQuery,
): readonly TargetFacts[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return targets;
  return targets.filter(({ url, labels, result, meaning, reason }) => {
    const names = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const all = [url, ...names, result, meaning, reason].join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** The targets in the order of the query; equal ones stay in the order of the config. */
export function sortTargets(
  targets: readonly TargetFacts[],
  { sort, isDescending }: StatusQuery,
): readonly TargetFacts[] {
  const { value } = COLUMNS[sort];
  const sign = isDescending ? -1 : 1;
  const keyed = targets.map((target) => ({ target, key: value(target) }));
  return keyed.sort((a, b) => compare(a.key, b.key, sign)).map(({ target }) => target);
}

function compare(a: string | number | undefined, b: string | number | undefined, sign: number): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  return a < b ? -sign : sign;
}

function failedShare({ history }: TargetFacts): number | undefined {
  if (history.length === 0) return undefined;
  return history.filter(([result]) => result !== 'success').length / history.length;
}
