import { isIP } from 'node:net';
import { cacheSystemFile } from '../file-cache.ts';

/** How resolv.conf(5) says to query the name servers. */
export type ResolvConf = {
  /** In the form that `dns.Resolver#setServers` takes. */
  readonly servers: readonly string[];
  readonly search: readonly string[];
  /** Names with fewer dots are tried with the search list first. */
  readonly ndots: number;
  readonly timeoutMs: number;
  readonly attempts: number;
};

// The C library waits 5 s for each server; with less, a second server still answers within a usual deadline.
const DEFAULTS = { ndots: 1, timeoutMs: 2000, attempts: 3 };
const MAX_SERVERS = 3;
const LIMITS = { ndots: 15, timeout: 30, attempts: 5 };

/** Reads a resolv.conf(5); unknown lines and options are skipped, as the C library does. */
export function parseResolvConf(text: string): ResolvConf {
  const lines = text.split('\n').map((line) =>
    line
      .replace(/^\s*[#;].*/, '')
      .trim()
      .split(/\s+/),
  );
  const valuesOf = (keyword: string) =>
    lines.filter(([first]) => first === keyword).map(([, ...rest]) => rest);
  const servers = valuesOf('nameserver').flatMap(([server = '']) => serverOf(server));
  // The last of `search` and `domain` wins.
  const search = lines.findLast(([first]) => first === 'search' || first === 'domain')?.slice(1) ?? [];
  const options = new Map(valuesOf('options').flat().map(optionOf));
  const optionWithin = (name: keyof typeof LIMITS) => {
    const value = options.get(name);
    return value === undefined || !Number.isInteger(value) ? undefined : Math.min(value, LIMITS[name]);
  };
  const timeout = optionWithin('timeout');
  return {
    servers: servers.slice(0, MAX_SERVERS),
    search: search.filter((domain) => domain !== '.').map((domain) => domain.replace(/\.$/, '')),
    ndots: optionWithin('ndots') ?? DEFAULTS.ndots,
    timeoutMs: timeout === undefined ? DEFAULTS.timeoutMs : Math.max(1, timeout) * 1000,
    attempts: Math.max(1, optionWithin('attempts') ?? DEFAULTS.attempts),
  };
}

function optionOf(option: string): [string, number] {
  const [name = '', value] = option.split(':');
  return [name, Number(value ?? Number.NaN)];
}

function serverOf(server: string): string[] {
  const [address = ''] = server.split('%');
  if (isIP(address) === 0) return [];
  return [isIP(address) === 6 ? `[${server}]` : server];
}

/** The system's /etc/resolv.conf as it is now. */
export const systemResolvConf = cacheSystemFile('/etc/resolv.conf', parseResolvConf);

/** The names to query, in order: the search list applied by the rule of `ndots`; a name that ends in a dot is queried alone. */
export function candidatesOf(
  name: string,
  { search, ndots }: Pick<ResolvConf, 'search' | 'ndots'>,
): readonly string[] {
  if (name.endsWith('.')) return [name];
  const searched = search.map((domain) => `${name}.${domain}`);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [name, ...searched] : [...searched, name];
}
