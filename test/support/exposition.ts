/** One series with its value; the labels in the order in which they were written. */
export type Sample = {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
};

/** A metric with all its series; without a TYPE line it is `untyped`. */
export type Family = { readonly name: string; help?: string; type?: string; readonly samples: Sample[] };

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const LABEL_VALUE = /"((?:[^"\\]|\\[\\"n])*)"/y;
const VALUE = /^(?:[+-]?Inf|NaN|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;
const TIMESTAMP = /^-?\d{1,19}$/;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  untyped: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/**
 * Reads Prometheus text of format 0.0.4 and throws at anything the format does not allow, with the line.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export function parseExposition(text: string): Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end in a line feed');
  const reading: Reading = { families: new Map(), series: new Set(), current: undefined };
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    try {
      takeLine(line, reading);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`line ${index + 1}: ${why}: ${line}`, { cause });
    }
  }
  return [...reading.families.values()];
}

/** The lines of an exposition in an order that does not depend on that of targets and metrics; comments left out. */
export function sortedSamples(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .sort();
}

type Reading = {
  readonly families: Map<string, Family>;
  readonly series: Set<string>;
  /** The family whose lines are being read. */
  current: Family | undefined;
};

function takeLine(line: string, reading: Reading): void {
  if (line.trim() === '') return;
  const family = line.startsWith('#') ? takeComment(line, reading) : takeSample(line, reading);
  if (family === undefined) return;
  if (family !== reading.current && family.samples.length > 1)
    throw new Error(`${family.name} is not one group`);
  reading.current = family;
}

function takeComment(line: string, { families }: Reading): Family | undefined {
  const [, keyword, name = '', rest = ''] =
    /^#[ \t]+(HELP|TYPE)(?:[ \t]+(\S+))?(?:[ \t](.*))?$/s.exec(line) ?? [];
  if (keyword === undefined) return undefined;
  if (matchAt(NAME, name, 0)?.[0] !== name) throw new Error('not a metric name');
  const family = familyOf(name, families);
  if (family.samples.length > 0) throw new Error(`${keyword} after the first sample`);
  if (keyword === 'HELP') takeHelp(family, rest);
  else takeType(family, rest);
  return family;
}

function takeHelp(family: Family, help: string): void {
  if (family.help !== undefined) throw new Error('HELP twice');
  if (!/^(?:[^\\]|\\[\\n])*$/s.test(help)) throw new Error('unknown escape');
  family.help = unescaped(help);
}

function takeType(family: Family, type: string): void {
  if (family.type !== undefined) throw new Error('TYPE twice');
  if (!Object.hasOwn(SUFFIXES, type)) throw new Error('unknown type');
  family.type = type;
}

function takeSample(line: string, { families, series, current }: Reading): Family {
  const name = matchAt(NAME, line, 0)?.[0];
  if (name === undefined) throw new Error('not a metric name');
  const { labels, end } = takeLabels(line, name.length);
  const value = takeValue(line.slice(end));
  const identity = JSON.stringify([name, [...labels].sort(([a], [b]) => (a < b ? -1 : 1))]);
  if (series.has(identity)) throw new Error('the series is there twice');
  series.add(identity);
  const family = current !== undefined && covers(current, name) ? current : familyOf(name, families);
  if (!covers(family, name)) throw new Error(`no sample of a ${family.type}`);
  family.samples.push({ name, labels, value });
  return family;
}

function takeValue(text: string): number {
  const [value = '', timestamp = '0', ...more] = text.trim().split(/[ \t]+/);
  if (!VALUE.test(value)) throw new Error('not a value');
  if (more.length > 0 || !TIMESTAMP.test(timestamp)) throw new Error('not a timestamp');
  return Number(value.replace('Inf', 'Infinity'));
}

function takeLabels(line: string, start: number): { labels: Map<string, string>; end: number } {
  const labels = new Map<string, string>();
  if (line[start] !== '{') return { labels, end: start };
  let at = start + 1;
  while (line[at] !== '}') {
    at = takeLabel(line, at, labels);
    if (line[at] === ',') at += 1;
    else if (line[at] !== '}') throw new Error(`neither , nor } at column ${at + 1}`);
  }
  return { labels, end: at + 1 };
}

function takeLabel(line: string, at: number, labels: Map<string, string>): number {
  const name = matchAt(LABEL_NAME, line, at)?.[0];
  if (name === undefined || line[at + name.length] !== '=') throw new Error(`no label at column ${at + 1}`);
  if (labels.has(name)) throw new Error(`the label ${name} is there twice`);
  const valueAt = at + name.length + 1;
  const match = matchAt(LABEL_VALUE, line, valueAt);
  if (match === null) throw new Error(`no label value at column ${valueAt + 1}`);
  labels.set(name, unescaped(match[1] ?? ''));
  return valueAt + match[0].length;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function familyOf(name: string, families: Map<string, Family>): Family {
  const family = families.get(name) ?? { name, samples: [] };
  families.set(name, family);
  return family;
}

function covers({ name, type = 'untyped' }: Family, sample: string): boolean {
  return (SUFFIXES[type] ?? []).some((suffix) => sample === name + suffix);
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_escape, character: string) => (character === 'n' ? '\n' : character));
}
