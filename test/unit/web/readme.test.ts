import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { factsOf } from '../../support/facts.ts';

const README = readFileSync(new URL('../../../src/web/README.md', import.meta.url), 'utf8');

test('api: every key of a target is in its reference', () => {
  const tls = { insecureSkipVerify: true };
  const facts = factsOf('https://a.test/', { reason: 'x', certificateExpirySeconds: 1 }, { tls });
  for (const key of Object.keys(facts)) assert.match(README, new RegExp(`^\\|[^|]*\`${key}\``, 'm'), key);
});
