import { readFileSync, writeFileSync } from 'node:fs';
import { dashboardText } from '../dashboard/dashboard.ts';
import { withValues } from './chart-readme.ts';
import { valuesSchema } from './chart-schema.ts';
import { CHART } from './chart-values.ts';

// Writes the generated files of the chart; a test compares them with the code.
const readme = new URL('README.md', CHART);
writeFileSync(readme, withValues(readFileSync(readme, 'utf8')));
writeFileSync(new URL('values.schema.json', CHART), `${JSON.stringify(valuesSchema(), null, 2)}\n`);
writeFileSync(new URL('files/dashboard.json', CHART), dashboardText());
