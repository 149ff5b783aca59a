import { FLAGS, type Flag, URL_ARGUMENT } from './flags.ts';

/** A row of the table of flags. */
export type FlagRow = {
  readonly flag: string;
  readonly env: string;
  readonly default: string;
  readonly help: string;
};

/** Every flag and the URLs, as the docs list them. */
export function flagRows(): readonly FlagRow[] {
  return [URL_ARGUMENT, ...FLAGS].map((flag) => ({
    flag: flagText(flag),
    env: flag.env ?? '',
    default: flag.default ?? '',
    help: flag.help,
  }));
}

/** A flag as it is written: `--config.file=FILE`. */
function flagText(flag: Flag | typeof URL_ARGUMENT): string {
  if (!('parse' in flag)) return flag.name;
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  return `${short}--${flag.name}${flag.value === undefined ? '' : `=${flag.value}`}`;
}

const WIDTH = 100;
const INDENT = 32;

/** What `--help` prints, at most 100 columns wide. */
export function helpText(): string {
  const flags = flagRows().map(({ flag, help, ...row }) => {
    const notes = [row.env && `env ${row.env}`, row.default && `default ${row.default}`].filter(Boolean);
    return formatEntry(flag, notes.length === 0 ? help : `${help} (${notes.join('; ')})`);
  });
  return `Usage: external-url-exporter [flags] [URL ...]

Probes URLs and exports to Prometheus whether each is up and how long it took.

${flags.join('\n')}

Examples:
  external-url-exporter --demo
  external-url-exporter https://example.com/health https://example.org/
  external-url-exporter --config.file=config.yml --probe.interval=30s
  external-url-exporter --config.file=config.yml --config.check
`;
}

function formatEntry(name: string, text: string): string {
  const [first = '', ...others] = wrapText(text, WIDTH - INDENT);
  const left = `  ${name}`;
  const start = left.length < INDENT ? left.padEnd(INDENT) : `${left}\n${' '.repeat(INDENT)}`;
  return [start + first, ...others.map((line) => ' '.repeat(INDENT) + line)].join('\n');
}

function wrapText(text: string, width: number): readonly string[] {
  return text.match(new RegExp(`\\S.{0,${width - 1}}(?= |$)`, 'g')) ?? [];
}
