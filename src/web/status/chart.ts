import type { TargetFacts } from '../../state/facts.ts';
import { HISTORY_LENGTH } from '../../state/history.ts';
import { formatResponseTime } from './format.ts';
import { type Html, html } from './html.ts';

const SLOT_WIDTH = 3;
const HEIGHT = 28;
const MIN_HEIGHT = 3;

type Past = TargetFacts['history'][number];

/** The last results as bars, the newest on the right: as high as the response took, failures over the full height. */
export function drawHistory(history: TargetFacts['history']): Html {
  if (history.length === 0) return html`<span class="none">no result yet</span>`;
  const slowestMs = Math.max(1, ...history.map(([result, ms]) => (result === 'success' ? (ms ?? 0) : 0)));
  const first = HISTORY_LENGTH - history.length;
  const bars = (kind: string) =>
    history
      .map((past, index) => (kindOf(past) === kind ? bar(first + index, heightOf(past, slowestMs)) : ''))
      .join('');
  const path = (kind: string) => {
    const d = bars(kind);
    return d !== '' && html`<path class="${kind}" d="${d}"/>`;
  };
  const words = describeHistory(history);
  return html`<svg class="history" viewBox="0 0 ${HISTORY_LENGTH * SLOT_WIDTH} ${HEIGHT}" preserveAspectRatio="xMinYMid" role="img" aria-label="${words}"><title>${words}</title><path class="ground" d="M0 ${HEIGHT - 0.5}h${HISTORY_LENGTH * SLOT_WIDTH}"/>${path('good')}${path('bad')}${path('none')}</svg>`;
}

function kindOf([result]: Past): string {
  if (result === 'success') return 'good';
  return result === 'internal_error' ? 'none' : 'bad';
}

function heightOf([result, ms]: Past, slowestMs: number): number {
  if (result !== 'success') return HEIGHT;
  return MIN_HEIGHT + Math.round(((ms ?? 0) / slowestMs) * (HEIGHT - MIN_HEIGHT - 6));
}

function bar(slot: number, height: number): string {
  return `M${slot * SLOT_WIDTH} ${HEIGHT}v-${height}h2v${height}z`;
}

function describeHistory(history: TargetFacts['history']): string {
  const good = history.filter(([result]) => result === 'success');
  const times = good.flatMap(([, ms]) => (ms === null ? [] : [ms]));
  const spread =
    times.length === 0
      ? ''
      : `, in ${formatResponseTime(Math.min(...times))} to ${formatResponseTime(Math.max(...times))}`;
  return `${good.length} of the last ${history.length} up${spread}`;
}

const BAR_WIDTH = 120;
const BAR_HEIGHT = 8;

/** The phases of a response as parts of one bar. */
export function drawPhases(phases: NonNullable<TargetFacts['phases']>): Html | undefined {
  const parts = Object.entries(phases);
  const totalMs = parts.reduce((sum, [, ms]) => sum + ms, 0);
  if (totalMs <= 0) return undefined;
  let x = 0;
  const rectangles = parts.map(([phase, ms]) => {
    const width = (ms / totalMs) * BAR_WIDTH;
    const left = x;
    x += width;
    return html`<rect class="${phase}" x="${left.toFixed(1)}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}"/>`;
  });
  const words = parts.map(([phase, ms]) => `${phase} ${formatResponseTime(ms)}`).join(', ');
  return html`<svg class="phases" viewBox="0 0 ${BAR_WIDTH} ${BAR_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${words}"><title>${words}</title>${rectangles}</svg>`;
}
