import { LOG_FORMATS, LOG_LEVELS } from '../../log.ts';
import { INTERVAL, TIMEOUT } from '../../target/duration.ts';
import { DEFAULT_URLS } from '../../target/url.ts';
import { DEFAULT_OPTIONS, ONCE_FORMATS, type Options } from './options.ts';
import { count, duration, listenAddress, onOff, type Parse, text, word } from './value.ts';

/** A flag of the command line; one without a `value` is a switch. */
export type Flag = {
  readonly name: string;
  readonly short?: string;
  readonly env?: string;
  /** The placeholder of its value. */
  readonly value?: string;
  /** The default as people write it. */
  readonly default?: string;
  readonly help: string;
  readonly parse: Parse<Partial<Options>>;
};

/** The URLs, which are arguments and no flag, in the same terms. */
export const URL_ARGUMENT = {
  name: 'URL ...',
  env: 'TARGETS',
  default: DEFAULT_URLS.join(' '),
  help: 'URLs to probe, instead of the targets of the config file; TARGETS is separated by spaces or commas',
} as const;

/** Every flag, in the order of the help. */
export const FLAGS: readonly Flag[] = [
  {
    name: 'config.file',
    env: 'CONFIG_FILE',
    value: 'FILE',
    help: 'YAML file with targets and settings',
    parse: text((configFile) => ({ configFile })),
  },
  {
    name: 'config.check',
    help: 'check the config, print every fault with its line and column, and exit: 0 if it is valid, else 1',
    parse: onOff((configCheck) => ({ configCheck })),
  },
  {
    name: 'config.print',
    help: 'print the config in effect, with secrets as <secret>, and exit',
    parse: onOff((configPrint) => ({ configPrint })),
  },
  {
    name: 'probe.interval',
    env: 'PROBE_INTERVAL',
    value: 'DURATION',
    default: '10s',
    help: "time between two probes of a target, 100ms to 24h; a target's own setting wins",
    parse: duration(INTERVAL, (probeIntervalMs) => ({ probeIntervalMs })),
  },
  {
    name: 'probe.timeout',
    env: 'PROBE_TIMEOUT',
    value: 'DURATION',
    default: '5s, or 90 % of the interval if that is shorter',
    help: "timeout of a whole probe; a target's own setting wins",
    parse: duration(TIMEOUT, (probeTimeoutMs) => ({ probeTimeoutMs })),
  },
  {
    name: 'once',
    help: 'probe every target once, print the results and exit: 0 if all are up, 1 if not, 2 without targets',
    parse: onOff((once) => ({ once })),
  },
  {
    name: 'once.format',
    value: ONCE_FORMATS.join('|'),
    default: DEFAULT_OPTIONS.onceFormat,
    help: 'output format of --once',
    parse: word(ONCE_FORMATS, (onceFormat) => ({ onceFormat })),
  },
  {
    name: 'web.listen-address',
    env: 'WEB_LISTEN_ADDRESS',
    value: '[HOST]:PORT',
    default: `:${DEFAULT_OPTIONS.listen.port}`,
    help: 'address of the web server; port 0 takes a free port, which is logged',
    parse: listenAddress((listen) => ({ listen })),
  },
  {
    name: 'web.config.file',
    env: 'WEB_CONFIG_FILE',
    value: 'FILE',
    help: "YAML file with TLS and users of the web server, in the format of Prometheus' exporter-toolkit",
    parse: text((webConfigFile) => ({ webConfigFile })),
  },
  {
    name: 'web.enable-lifecycle',
    env: 'WEB_ENABLE_LIFECYCLE',
    default: 'off',
    help: 'allow a reload of the config by POST /-/reload',
    parse: onOff((webEnableLifecycle) => ({ webEnableLifecycle })),
  },
  {
    name: 'log.level',
    env: 'LOG_LEVEL',
    value: LOG_LEVELS.join('|'),
    default: DEFAULT_OPTIONS.logLevel,
    help: 'lowest level that is logged',
    parse: word(LOG_LEVELS, (logLevel) => ({ logLevel })),
  },
  {
    name: 'log.format',
    env: 'LOG_FORMAT',
    value: LOG_FORMATS.join('|'),
    default: 'pretty on a terminal, else json',
    help: 'format of the log on stderr',
    parse: word(LOG_FORMATS, (logFormat) => ({ logFormat })),
  },
  {
    name: 'shard',
    env: 'SHARD',
    value: 'N',
    default: String(DEFAULT_OPTIONS.shard),
    help: 'number of this shard, from 0; each shard probes its part of the targets, chosen by hash',
    parse: count(0, (shard) => ({ shard })),
  },
  {
    name: 'total-shards',
    env: 'TOTAL_SHARDS',
    value: 'N',
    default: String(DEFAULT_OPTIONS.totalShards),
    help: 'number of shards that share the targets',
    parse: count(1, (totalShards) => ({ totalShards })),
  },
  {
    name: 'demo',
    env: 'DEMO',
    default: 'off',
    help: 'serve a stand-in for httpstat.us on a free loopback port and probe it; needs no network',
    parse: onOff((demo) => ({ demo })),
  },
  {
    name: 'version',
    help: 'print the version and exit',
    parse: onOff((version) => ({ version })),
  },
  {
    name: 'help',
    short: 'h',
    help: 'print this help and exit',
    parse: onOff((help) => ({ help })),
  },
];
