import { stringify } from 'yaml';
import * as z from 'zod';
import { withoutPassword } from '../target/url.ts';
import type { Config, EffectiveSettings } from './config.ts';
import { inheritTimeout } from './effective/inheritance.ts';
import type { Path } from './fault.ts';
import { HIDDEN, isSecret } from './file/secret.ts';
import { escapeVariables } from './file/variables.ts';
import { globalSchema, targetSchema } from './schema/schema.ts';
import { isEntries } from './yaml/entries.ts';

/**
 * The config in effect as a config file, secrets hidden: the top level with every default, the targets with what they
 * set themselves. Where no secrets were hidden it loads as the same config.
 */
export function printConfig({ settings, targets }: Config): string {
  const { global, filled } = settings;
  const { timeoutIsChosen: _timeout, sizeIsChosen: _size, ...top } = global;
  const timeout = inheritTimeout(global, global.interval);
  const file = {
    ...z.encode(globalSchema, { ...top, timeout }),
    targets: settings.targets.map((own, index) => {
      const timeoutMs = targets[index]?.timeoutMs ?? timeout;
      return z.encode(targetSchema, { ...own, ...ownTimeout(settings, timeout, index, timeoutMs) });
    }),
  };
  // As a block the library writes " \n" so that it reads as "\n".
  const layout = { lineWidth: 0, blockQuote: false, aliasDuplicateObjects: false } as const;
  return stringify(hideSecrets(file, [], filled), layout);
}

// What a target inherits may not be what it would inherit from the timeout that is printed.
function ownTimeout(
  { global, targets }: EffectiveSettings,
  timeout: number,
  index: number,
  timeoutMs: number,
) {
  const interval = targets[index]?.interval ?? global.interval;
  const inherited = inheritTimeout({ timeout, timeoutIsChosen: true }, interval);
  return timeoutMs === inherited ? {} : { timeout: timeoutMs };
}

function hideSecrets(value: unknown, path: Path, filled: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item, index) => hideSecrets(item, [...path, index], filled));
  if (isEntries(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, part]) => [key, hideSecrets(part, [...path, key], filled)]));
  }
  if (isSecret(path, filled)) return HIDDEN;
  if (typeof value !== 'string') return value;
  return escapeVariables(path.at(-1) === 'proxy_url' ? withoutPassword(value) : value);
}
