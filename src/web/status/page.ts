import { readFileSync } from 'node:fs';
import { PHASES } from '../../probe/result.ts';
import type { TargetFacts } from '../../state/facts.ts';
import { type Html, html } from './html.ts';
import {
  COLUMNS,
  filterTargets,
  formatQuery,
  isSortKey,
  ROWS_STEP,
  type SortKey,
  STATES,
  type StateFilter,
  type StatusQuery,
  sortTargets,
} from './query.ts';
import { renderRow } from './row.ts';

/** What the page shows. */
export type StatusView = {
  readonly targets: readonly TargetFacts[];
  readonly query: StatusQuery;
  /** Unix milliseconds. */
  readonly nowMs: number;
  readonly version: string;
};

/** Reads a file that the page loads; it lies beside this file, or beside the code in the bundle. */
export function readPageFile(name: string): Buffer {
  return readFileSync(new URL(name, import.meta.url));
}

/** Renders the status page. All that changes is within `main`, which the script fetches again and again. */
export function renderPage(view: StatusView): string {
  const { targets, query, version } = view;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${titleOf(targets)}</title>
<link rel="icon" href="status.svg" type="image/svg+xml">
<link rel="stylesheet" href="status.css">
<script src="status.js" type="module"></script>
</head>
<body>
<a class="skip" href="#targets">Skip to the targets</a>
<header>
<h1>external-url-exporter <span class="minor">${version}</span></h1>
<nav aria-label="Endpoints"><a href="metrics">Metrics</a> <a href="api/v1/targets">API</a> <a href="config">Config</a></nav>
</header>
<div class="tools">
<form role="search" method="get" action="./">
<label for="q">Filter</label> <input id="q" type="search" name="q" value="${query.text}" placeholder="URL, label, result, reason" autocomplete="off" spellcheck="false">${hiddenFields(query)} <button class="plain-only">Filter</button>
</form>
<p class="refresh"><span id="note" role="status"></span> <button id="pause" type="button" aria-pressed="false" hidden>Pause updates</button></p>
</div>
${renderMain(view)}
</body>
</html>
`.text;
}

function titleOf(targets: readonly TargetFacts[]): string {
  const down = countOf(targets, 'down');
  return `${down > 0 ? `${down} down · ` : ''}external-url-exporter`;
}

function countOf(targets: readonly TargetFacts[], state: StateFilter): number {
  return state === 'all' ? targets.length : targets.filter((target) => target.state === state).length;
}

function hiddenFields({ state, sort, isDescending }: StatusQuery): readonly Html[] {
  const field = (name: string, value: string) => html`<input type="hidden" name="${name}" value="${value}">`;
  return [
    ...(state === 'all' ? [] : [field('state', state)]),
    ...(sort === 'state' ? [] : [field('sort', sort)]),
    ...(isDescending ? [field('dir', 'desc')] : []),
  ];
}

function renderMain({ targets, query, nowMs }: StatusView): Html {
  const matches = filterTargets(targets, query);
  const chosen = query.state === 'all' ? matches : matches.filter(({ state }) => state === query.state);
  const rows = sortTargets(chosen, query)
    .slice(0, query.rows)
    .map((facts) => renderRow(facts, nowMs));
  return html`<main id="live">
<p id="summary" role="status">${summaryOf(targets)}</p>
<nav id="states" aria-label="Show targets by state">${STATES.map((state) => renderStateLink(matches, query, state))}</nav>
<p id="legend" aria-hidden="true">Phases ${PHASES.map((phase) => html` <span class="key ${phase}">${phase}</span>`)}</p>
<table id="targets" role="table" tabindex="-1">
<caption class="hidden">Targets with their latest results</caption>
<thead role="rowgroup"><tr role="row">${SORT_KEYS.map((key) => renderHeading(key, query))}</tr></thead>
<tbody role="rowgroup">
${rows}</tbody>
</table>
<p id="rest">${renderRest(targets.length, chosen.length, query)}</p>
</main>`;
}

function summaryOf(targets: readonly TargetFacts[]): string {
  const { length } = targets;
  const down = countOf(targets, 'down');
  const unknown = countOf(targets, 'unknown');
  if (length === 0) return 'No targets are configured';
  if (down === 0 && unknown === 0) return length === 1 ? 'The target is up' : `All ${length} targets are up`;
  const others = unknown === 0 ? '' : `, ${unknown} unknown`;
  return `${down} of ${length} ${length === 1 ? 'target' : 'targets'} down${others}`;
}

const SORT_KEYS = Object.keys(COLUMNS).filter(isSortKey);

const STATE_NAMES = { all: 'All', down: 'Down', unknown: 'Unknown', up: 'Up' } as const;

function renderStateLink(matches: readonly TargetFacts[], query: StatusQuery, state: StateFilter): Html {
  const current = state === query.state && html` aria-current="true"`;
  const href = formatQuery({ ...query, state });
  return html`<a class="${state}" href="${href}" data-live${current}>${STATE_NAMES[state]} <b>${countOf(matches, state)}</b></a> `;
}

function renderHeading(sort: SortKey, query: StatusQuery): Html {
  const isCurrent = sort === query.sort;
  const isDescending = isCurrent && !query.isDescending;
  const order = isCurrent && html` aria-sort="${query.isDescending ? 'descending' : 'ascending'}"`;
  const href = formatQuery({ ...query, sort, isDescending });
  return html`<th role="columnheader" scope="col"${order}><a href="${href}" data-live>${COLUMNS[sort].heading}</a></th>`;
}

function renderRest(all: number, chosen: number, query: StatusQuery): Html {
  if (all > 0 && chosen === 0) return html`No target matches.`;
  if (chosen <= query.rows) return html``;
  const href = formatQuery({ ...query, rows: query.rows + ROWS_STEP });
  return html`${query.rows} of ${chosen} targets are shown. <a href="${href}" data-live>Show more</a>`;
}
