const UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

const MAX_BYTES = UNITS.GiB;

/** The message for a text that is no size. */
export const NOT_A_SIZE = 'is not a size from 1B to 1GiB (such as 512KiB, 10MiB; units B, KiB, MiB, GiB)';

/**
 * Bytes of a size such as `10MiB`, from 1 byte to 1 GiB; undefined if `text` is none. KB and MB are refused: some
 * read them as 1000s, others as 1024s.
 */
export function parseSize(text: string): number | undefined {
  const match = /^(?<amount>\d+)(?<unit>B|KiB|MiB|GiB)$/.exec(text);
  const unit = Object.entries(UNITS).find(([name]) => name === match?.groups?.unit);
  if (unit === undefined) return undefined;
  const bytes = Number(match?.groups?.amount) * unit[1];
  return bytes >= 1 && bytes <= MAX_BYTES ? bytes : undefined;
}

/** A size in the largest unit that needs no fraction. */
export function formatSize(bytes: number): string {
  const [name, unit] = Object.entries(UNITS).findLast(([, value]) => bytes % value === 0) ?? ['B', 1];
  return `${bytes / unit}${name}`;
}
