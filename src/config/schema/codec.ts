import * as z from 'zod';
import { boundedDuration, type DurationBounds, formatDuration, notADuration } from '../../target/duration.ts';
import type { StatusRange } from '../../target/target.ts';
import { formatSize, NOT_A_SIZE, parseSize } from './size.ts';
import { formatStatus, NOT_A_STATUS, parseStatus } from './status.ts';

const NOT_HOSTS = 'is not a list of hosts (such as [localhost, .internal, 10.0.0.0/8])';

/** A codec from what the file holds to what the program uses; `wrong` is the message for a value that `parse` does not accept. */
function codec<Written, Used>(
  written: z.ZodType<Written, Written>,
  used: z.ZodType<Used, Used>,
  wrong: string,
  { parse, format }: { parse: (value: Written) => Used | undefined; format: (value: Used) => Written },
) {
  return z.codec(written, used, {
    decode: (value, context) => {
      const parsed = parse(value);
      if (parsed !== undefined) return parsed;
      context.issues.push({ code: 'custom', input: value, message: wrong });
      return z.NEVER;
    },
    encode: format,
  });
}

/** A duration as text in the file, milliseconds in the program. */
export function durationCodec(bounds: DurationBounds) {
  const wrong = notADuration(bounds);
  return codec(z.string({ error: wrong }), z.number(), wrong, {
    parse: (text) => boundedDuration(text, bounds),
    format: formatDuration,
  });
}

/** A size as text in the file, bytes in the program. */
export const sizeCodec = codec(z.string({ error: NOT_A_SIZE }), z.number(), NOT_A_SIZE, {
  parse: parseSize,
  format: formatSize,
});

/** Status codes as a code, class or range in the file, first and last code in the program. */
export const statusCodec = codec<string | number, StatusRange>(
  z.union([z.number(), z.string()], { error: NOT_A_STATUS }),
  z.custom<StatusRange>(),
  NOT_A_STATUS,
  { parse: parseStatus, format: formatStatus },
);

/** One of a few words in the file, its `values` in the program; `what` names it in the message. */
export function wordCodec<Used extends string>(what: string, values: Readonly<Record<string, Used>>) {
  const words = Object.entries(values);
  const wrong = `is not ${what} (${Object.keys(values).join(', ')})`;
  return codec<string | number, Used>(
    z.union([z.string(), z.number()], { error: wrong }),
    z.custom<Used>(),
    wrong,
    {
      // YAML reads a word of digits as a number.
      parse: (text) => words.find(([word]) => word === String(text))?.[1],
      format: (used) => words.find(([, value]) => value === used)?.[0] ?? used,
    },
  );
}

/** The hosts of `no_proxy` as a list, or in one text with commas as Prometheus has it. */
export const noProxyCodec = codec<string | string[], readonly string[]>(
  z.union([z.string(), z.array(z.string())], { error: NOT_HOSTS }),
  z.custom<readonly string[]>(),
  NOT_HOSTS,
  {
    parse: (written) =>
      [written]
        .flat()
        .flatMap((text) => text.split(','))
        .map((host) => host.trim())
        .filter(Boolean),
    format: (hosts) => [...hosts],
  },
);
