/** What a text sets, or what is wrong with it and what is allowed. */
export type Take<Given> = (text: string) => Given | string;

const EXPORTERS = ['prometheus', 'otlp', 'none'] as const;

/** Where metrics may go. */
export type ExporterName = (typeof EXPORTERS)[number];

const MAX_MS = 24 * 3_600_000;

/** Takes the list of exporters. */
export function exporters<Given>(set: (names: readonly ExporterName[]) => Given): Take<Given> {
  return (text) => {
    const words = text.split(',').map((each) => each.trim());
    const names = words.flatMap((each) => EXPORTERS.find((name) => name === each) ?? []);
    const isRight = names.length === words.length && (names.length === 1 || !names.includes('none'));
    return isRight ? set(names) : 'is not a list of exporters (prometheus, otlp, prometheus,otlp, none)';
  };
}

/** Takes `true` or `false`. */
export function trueOrFalse<Given>(set: (isTrue: boolean) => Given): Take<Given> {
  return word(['true', 'false'] as const, (text) => set(text === 'true'));
}

/** Takes one of a few words. */
export function word<Word extends string, Given>(
  words: readonly Word[],
  set: (word: Word) => Given,
): Take<Given> {
  return (text) => {
    const found = words.find((candidate) => candidate === text);
    return found === undefined ? `is not known (${words.join(', ')})` : set(found);
  };
}

/** Takes an http or https URL; credentials belong into the headers, where they are known to be secret. */
export function url<Given>(set: (url: string) => Given): Take<Given> {
  return (text) => {
    const parsed = URL.parse(text);
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
      return 'is not an http or https URL (such as http://localhost:4318)';
    }
    if (parsed.username !== '' || parsed.password !== '') {
      return 'holds a user or password (OTEL_EXPORTER_OTLP_HEADERS=authorization=... takes credentials)';
    }
    return set(text);
  };
}

/** Takes whole milliseconds. */
export function milliseconds<Given>(least: number, set: (ms: number) => Given): Take<Given> {
  return (text) => {
    const ms = /^\d{1,8}$/.test(text) ? Number(text) : -1;
    return ms < least || ms > MAX_MS ? `is not a number of milliseconds (${least} to ${MAX_MS})` : set(ms);
  };
}

/**
 * Takes `name=value` pairs with percent-encoded values.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables
 */
export function pairs<Given>(
  name: RegExp,
  set: (pairs: Readonly<Record<string, string>>) => Given,
): Take<Given> {
  return (text) => {
    const entries = text
      .split(',')
      .filter((part) => part.trim() !== '')
      .map((part) => pair(part, name));
    const right = entries.filter((entry) => entry !== undefined);
    return right.length === entries.length
      ? set(Object.fromEntries(right))
      : 'is not a list of name=value, separated by commas (values percent-encoded)';
  };
}

function pair(part: string, name: RegExp): readonly [string, string] | undefined {
  const equals = part.indexOf('=');
  const key = part.slice(0, Math.max(0, equals)).trim();
  const value = decoded(part.slice(equals + 1).trim());
  // A line feed in a header would be refused at each push.
  return !name.test(key) || value === undefined || /\p{Cc}/u.test(value) ? undefined : [key, value];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
