import * as z from 'zod';
import { checkedText } from './text.ts';

/** The labels that the metrics, Prometheus or OpenTelemetry set themselves. */
const REFUSED: ReadonlySet<string> = new Set(['url', 'phase', 'result', 'le', 'job', 'instance']);

/** Extra labels of a target's series. */
export const labelsSchema = z.record(checkedText(nameFault), checkedText(valueFault), {
  error: 'is not a map of label names to values',
});

function nameFault(name: string): string | undefined {
  if (!/^[a-zA-Z_]\w*$/.test(name)) return 'is not a label name (letters, digits and _, no digit first)';
  // The exposition of the OpenTelemetry exporter folds `__`, and two labels could become one.
  const refused = REFUSED.has(name) || name.includes('__') || name.startsWith('otel_');
  return refused
    ? `is reserved (any name except ${[...REFUSED].join(', ')}, otel_* and names with __)`
    : undefined;
}

function valueFault(value: string): string | undefined {
  return value === '' ? 'is empty (give it a value, or leave the label out)' : undefined;
}
