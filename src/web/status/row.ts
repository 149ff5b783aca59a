import { hash } from 'node:crypto';
import type { TargetFacts } from '../../state/facts.ts';
import { drawHistory, drawPhases } from './chart.ts';
import { daysBetween, formatAge, formatResponseTime } from './format.ts';
import { type Html, html } from './html.ts';
import { COLUMNS } from './query.ts';

/** A target as a row; on a narrow screen it is a card, hence the headings and the roles. */
export function renderRow(facts: TargetFacts, nowMs: number): Html {
  return html`<tr id="t-${idOf(facts)}" class="${facts.state}" role="row">
<td role="cell" class="state">${stateCell(facts, nowMs)}</td>
<th role="rowheader" scope="row" class="target">${targetCell(facts)}</th>
<td role="cell" class="result" data-heading="Result">${resultCell(facts)}</td>
<td role="cell" class="response" data-heading="Response">${responseCell(facts)}</td>
<td role="cell" class="past" data-heading="${COLUMNS.history.heading}">${drawHistory(facts.history)}</td>
<td role="cell" class="status" data-heading="Status">${facts.statusCode ?? none()}</td>
<td role="cell" class="certificate" data-heading="Certificate">${certificateCell(facts, nowMs)}</td>
<td role="cell" class="probed" data-heading="Probed">${probedCell(facts, nowMs)}</td>
</tr>
`;
}

// The script keeps focus and scrolling by it, so it must not change from one page to the next.
function idOf({ url, labels }: TargetFacts): string {
  return hash('sha1', JSON.stringify([url, labels]), 'base64url').slice(0, 12);
}

const STATE_WORDS = { up: '▲ Up', down: '▼ Down', unknown: '◆ Unknown' } as const;

function stateCell({ state, since }: TargetFacts, nowMs: number): Html {
  const badge = html`<span class="badge">${STATE_WORDS[state]}</span>`;
  if (since === undefined) return badge;
  const age = formatAge(nowMs - Date.parse(since));
  return html`${badge} <time class="minor" datetime="${since}" title="since ${since}">for ${age}</time>`;
}

function targetCell({ url, labels, insecureSkipVerify }: TargetFacts): Html {
  const chips = Object.entries(labels).map(
    ([name, value]) => html` <span class="chip">${name}=${value}</span>`,
  );
  const unverified = html` <span class="chip warn">certificate not verified</span>`;
  return html`<a href="${url}" rel="noreferrer noopener nofollow">${url}</a>${chips}${insecureSkipVerify && unverified}`;
}

function resultCell({ result, meaning, reason, stale }: TargetFacts): Html {
  if (result === undefined) return none('no result yet');
  const old = stale && html`<span class="minor">outdated: </span>`;
  const detail = reason !== undefined && html`<span class="reason">${reason}</span>`;
  return html`${old}<span title="${meaning}"><code>${result}</code>${result !== 'success' && html` <span class="meaning">${meaning}</span>`}</span>${detail}`;
}

function responseCell({ responseMs, phases }: TargetFacts): Html {
  if (responseMs === undefined) return none();
  return html`<span class="ms">${formatResponseTime(responseMs)}</span>${phases && drawPhases(phases)}`;
}

const WARNING_DAYS = 21;
const URGENT_DAYS = 7;

function certificateCell({ certificateExpiry }: TargetFacts, nowMs: number): Html {
  if (certificateExpiry === undefined) return none();
  const expiryMs = Date.parse(certificateExpiry);
  const days = daysBetween(nowMs, expiryMs);
  const urgency = days < URGENT_DAYS ? 'bad' : days < WARNING_DAYS ? 'warn' : 'calm';
  const words = expiryMs < nowMs ? `expired ${formatDays(-days)} ago` : `${formatDays(days)} left`;
  return html`<time class="${urgency}" datetime="${certificateExpiry}" title="${certificateExpiry}">${words}</time>`;
}

function formatDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

function probedCell({ lastProbe, nextProbe }: TargetFacts, nowMs: number): Html {
  if (lastProbe === undefined) return none('not yet');
  const last = formatAge(nowMs - Date.parse(lastProbe));
  return html`<time datetime="${lastProbe}" title="${lastProbe}">${last} ago</time>${nextProbe && describeNext(nextProbe, nowMs)}`;
}

function describeNext(nextProbe: string, nowMs: number): Html {
  const inMs = Date.parse(nextProbe) - nowMs;
  const words = inMs < 500 ? 'next is due' : `next in ${formatAge(inMs)}`;
  return html` <time class="minor" datetime="${nextProbe}">${words}</time>`;
}

function none(word = ''): Html {
  return word === ''
    ? html`<span class="none" aria-label="none">–</span>`
    : html`<span class="none">${word}</span>`;
}
