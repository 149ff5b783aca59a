import { readFileSync, writeFileSync } from 'node:fs';
import { configJsonSchema } from './json-schema.ts';
import { PAGES, SCHEMA_FILE, withTables } from './tables.ts';

for (const page of PAGES) writeFileSync(page, withTables(readFileSync(page, 'utf8')));
writeFileSync(SCHEMA_FILE, JSON.stringify(configJsonSchema()));
