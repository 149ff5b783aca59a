import { type Parse, settingOf } from './value.ts';

const EXPORTERS = ['prometheus', 'otlp', 'none'] as const;

/** Where metrics may go. */
export type ExporterName = (typeof EXPORTERS)[number];

/** A list of exporters. */
export function exporters<Given>(set: (names: readonly ExporterName[]) => Given): Parse<Given> {
  return (text) => {
    const words = text.split(',').map((each) => each.trim());
    const names = words.flatMap((each) => EXPORTERS.find((name) => name === each) ?? []);
    const isRight = names.length === words.length && (names.length === 1 || !names.includes('none'));
    const fault = 'is not a list of exporters (prometheus, otlp, prometheus,otlp, none)';
    return settingOf(isRight ? names : undefined, set, fault);
  };
}

/** An http or https URL; credentials go into the headers, which are known to be secret. */
export function url<Given>(set: (url: string) => Given): Parse<Given> {
  return (text) => {
    const parsed = URL.parse(text);
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
      return { fault: 'is not an http or https URL (such as http://localhost:4318)' };
    }
    if (parsed.username !== '' || parsed.password !== '') {
      return {
        fault:
          'has a user name or password (put credentials into OTEL_EXPORTER_OTLP_HEADERS=authorization=...)',
      };
    }
    return { value: set(text) };
  };
}

/**
 * `name=value` pairs with percent-encoded values.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables
 */
export function pairs<Given>(
  name: RegExp,
  set: (pairs: Readonly<Record<string, string>>) => Given,
): Parse<Given> {
  return (text) => {
    const parts = text.split(',').filter((part) => part.trim() !== '');
    const entries = parts.flatMap((part) => parsePair(part, name));
    const fault = 'is not a list of name=value, separated by commas (values percent-encoded)';
    return settingOf(entries.length === parts.length ? Object.fromEntries(entries) : undefined, set, fault);
  };
}

// None if the text is not a pair.
function parsePair(part: string, name: RegExp): readonly [string, string][] {
  const equals = part.indexOf('=');
  const key = part.slice(0, Math.max(0, equals)).trim();
  const value = decodePercent(part.slice(equals + 1).trim());
  // A line feed in a header would make every push fail.
  return !name.test(key) || value === undefined || /\p{Cc}/u.test(value) ? [] : [[key, value]];
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
