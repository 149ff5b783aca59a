import { withoutPassword } from '../target/url.ts';

const MAX_LENGTH = 80;

/** A value as messages show it, in a few words and without the password of a URL. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  if (typeof value !== 'string') return String(value);
  if (value.includes('-----BEGIN')) return 'a PEM text';
  const safe = withoutPassword(value);
  return JSON.stringify(safe.length > MAX_LENGTH ? `${safe.slice(0, MAX_LENGTH)}…` : safe);
}
