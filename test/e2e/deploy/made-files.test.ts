import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { withValues } from '../../../deploy/docs/chart-readme.ts';
import { valuesSchema } from '../../../deploy/docs/chart-schema.ts';
import { chartValues } from '../../../deploy/docs/chart-values.ts';
import { CHART } from '../../support/helm.ts';

const text = (file: string) => readFileSync(`${CHART}/${file}`, 'utf8');

test('chart: the README has the table of the values (if not: npm run chart)', () => {
  assert.equal(text('README.md'), withValues(text('README.md')));
});

test('chart: the schema is that of the values and of the config file (if not: npm run chart)', () => {
  assert.deepEqual(JSON.parse(text('values.schema.json')), JSON.parse(JSON.stringify(valuesSchema())));
});

test('chart: a value without a comment is refused', () => {
  assert.throws(() => chartValues('# One.\na: 1\nb: 2\n'), /b has no comment/);
});

test('chart: a value is described by the comment above it, the first one of a group too', () => {
  const [first, group] = chartValues('# One.\na: 1\n\n# A group\n# of two lines.\ng:\n  # Inner.\n  b: 2\n');
  assert.deepEqual(
    [first?.description, group?.description, group?.inner[0]?.path, group?.inner[0]?.description],
    ['One.', 'A group of two lines.', 'g.b', 'Inner.'],
  );
});
