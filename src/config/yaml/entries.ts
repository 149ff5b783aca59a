/** A YAML map as a plain object. */
export type Entries = Readonly<Record<string, unknown>>;

/** Whether a value is a YAML map. */
export function isEntries(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
