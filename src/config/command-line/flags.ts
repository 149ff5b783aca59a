import { INTERVAL, TIMEOUT } from '../../target/duration.ts';
import { DEFAULT_URLS } from '../../target/url.ts';
import { LOG_FORMATS, LOG_LEVELS, ONCE_FORMATS } from './options.ts';
import { count, duration, listenAddress, onOff, type Take, word } from './value.ts';

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
  readonly take: Take;
};

/** The URLs, which are arguments and no flag, in the same terms. */
export const URL_ARGUMENT = {
  name: 'URL ...',
  env: 'TARGETS',
  default: DEFAULT_URLS.join(' '),
  help: 'the targets, in place of those of the config file; TARGETS is separated by spaces or commas',
} as const;

/** Every flag, in the order of the help. */
export const FLAGS: readonly Flag[] = [
  {
    name: 'config.file',
    env: 'CONFIG_FILE',
    value: 'FILE',
    help: 'YAML file with targets and settings',
    take: (configFile) => ({ configFile }),
  },
  {
    name: 'config.check',
    help: 'checks the config, prints every fault with its line and column, exits 0 or 1',
    take: onOff((configCheck) => ({ configCheck })),
  },
  {
    name: 'config.print',
    help: 'prints the config in effect, secrets as <secret>, and exits',
    take: onOff((configPrint) => ({ configPrint })),
  },
  {
    name: 'probe.interval',
    env: 'PROBE_INTERVAL',
    value: 'DURATION',
    default: '10s',
    help: "time from probe to probe, 100ms to 24h; a target's own setting wins",
    take: duration(INTERVAL, (probeIntervalMs) => ({ probeIntervalMs })),
  },
  {
    name: 'probe.timeout',
    env: 'PROBE_TIMEOUT',
    value: 'DURATION',
    default: '5s, or 90 % of the interval if that is shorter',
    help: "deadline of a whole probe; a target's own setting wins",
    take: duration(TIMEOUT, (probeTimeoutMs) => ({ probeTimeoutMs })),
  },
  {
    name: 'once',
    help: 'probes every target once, prints the results, exits 0 if all are up, 1 if not, 2 if there are none',
    take: onOff((once) => ({ once })),
  },
  {
    name: 'once.format',
    value: ONCE_FORMATS.join('|'),
    default: 'table',
    help: 'how --once prints',
    take: word(ONCE_FORMATS, (onceFormat) => ({ onceFormat })),
  },
  {
    name: 'web.listen-address',
    env: 'WEB_LISTEN_ADDRESS',
    value: '[HOST]:PORT',
    default: ':8080',
    help: 'where to serve /metrics; :0 takes a free port and logs it',
    take: listenAddress((listen) => ({ listen })),
  },
  {
    name: 'web.config.file',
    env: 'WEB_CONFIG_FILE',
    value: 'FILE',
    help: "YAML file with TLS and users of the web server, in the format of Prometheus' exporter-toolkit",
    take: (webConfigFile) => ({ webConfigFile }),
  },
  {
    name: 'web.enable-lifecycle',
    env: 'WEB_ENABLE_LIFECYCLE',
    default: 'off',
    help: 'allows POST /-/reload',
    take: onOff((webEnableLifecycle) => ({ webEnableLifecycle })),
  },
  {
    name: 'log.level',
    env: 'LOG_LEVEL',
    value: LOG_LEVELS.join('|'),
    default: 'info',
    help: 'least severity that is logged',
    take: word(LOG_LEVELS, (logLevel) => ({ logLevel })),
  },
  {
    name: 'log.format',
    env: 'LOG_FORMAT',
    value: LOG_FORMATS.join('|'),
    default: 'pretty on a terminal, else json',
    help: 'how log lines are written to stderr',
    take: word(LOG_FORMATS, (logFormat) => ({ logFormat })),
  },
  {
    name: 'shard',
    env: 'SHARD',
    value: 'N',
    default: '0',
    help: 'number of this shard; it keeps the targets whose hash falls to it',
    take: count(0, (shard) => ({ shard })),
  },
  {
    name: 'total-shards',
    env: 'TOTAL_SHARDS',
    value: 'N',
    default: '1',
    help: 'how many shards share the targets',
    take: count(1, (totalShards) => ({ totalShards })),
  },
  {
    name: 'demo',
    env: 'DEMO',
    default: 'off',
    help: 'serves a stand-in for httpstat on a free loopback port and probes it: a try-out with no network',
    take: onOff((demo) => ({ demo })),
  },
  {
    name: 'version',
    help: 'prints the version and exits',
    take: onOff((version) => ({ version })),
  },
  {
    name: 'help',
    short: 'h',
    help: 'prints this help and exits',
    take: onOff((help) => ({ help })),
  },
];
