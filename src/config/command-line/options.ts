import type { LogFormat, LogLevel } from '../../log.ts';
import type { ListenAddress } from './listen-address.ts';
import { DEFAULT_OTEL, type OtelSettings } from './otel.ts';

export const ONCE_FORMATS = ['table', 'json', 'prometheus'] as const;

/** What the command line and its environment variables say. */
export type Options = {
  /** The URLs given as arguments, else in `TARGETS`. */
  readonly urls: readonly string[];
  readonly configFile?: string;
  readonly configCheck: boolean;
  readonly configPrint: boolean;
  readonly probeIntervalMs?: number;
  readonly probeTimeoutMs?: number;
  readonly once: boolean;
  readonly onceFormat: (typeof ONCE_FORMATS)[number];
  readonly listen: ListenAddress;
  readonly webConfigFile?: string;
  readonly webEnableLifecycle: boolean;
  readonly logLevel: LogLevel;
  /** Undefined: `pretty` on a terminal, else `json`. */
  readonly logFormat?: LogFormat;
  readonly shard: number;
  readonly totalShards: number;
  readonly demo: boolean;
  readonly version: boolean;
  readonly help: boolean;
  /** What the standard variables of OpenTelemetry say. */
  readonly otel: OtelSettings;
};

/** The options when nothing is given; the flags show them in `--help` and in the docs. */
export const DEFAULT_OPTIONS: Options = {
  urls: [],
  configCheck: false,
  configPrint: false,
  once: false,
  onceFormat: 'table',
  listen: { host: '', port: 8080 },
  webEnableLifecycle: false,
  logLevel: 'info',
  shard: 0,
  totalShards: 1,
  demo: false,
  version: false,
  help: false,
  otel: DEFAULT_OTEL,
};
