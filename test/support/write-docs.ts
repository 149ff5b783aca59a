import { readFileSync, writeFileSync } from 'node:fs';
import { PAGES, withTables } from './tables.ts';

for (const page of PAGES) writeFileSync(page, withTables(readFileSync(page, 'utf8')));
