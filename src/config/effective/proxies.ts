import type { ProxySettings } from '../../target/target.ts';
import type { Environment } from '../environment.ts';
import type { FilledSettings } from '../schema/defaults.ts';
import { proxyFault } from '../schema/network.ts';

/** The proxies of a target in effect, if it has any; lower-case variables win, as they do for curl and Go. */
export function proxiesOf(effective: FilledSettings, env: Environment): ProxySettings | undefined {
  const { proxy_url, proxy_from_environment, no_proxy } = effective;
  if (proxy_url !== undefined) return { http: proxy_url, https: proxy_url, noProxy: no_proxy };
  if (!proxy_from_environment) return undefined;
  const [http, https] = PROXY_VARIABLES.map((name) => withScheme(variable(name, env)));
  const exempt = variable('no_proxy', env)?.split(',') ?? [];
  return {
    ...(http !== undefined && { http }),
    ...(https !== undefined && { https }),
    noProxy: [...no_proxy, ...exempt.map((host) => host.trim()).filter((host) => host !== '')],
  };
}

const PROXY_VARIABLES = ['http_proxy', 'https_proxy'] as const;

/** What is wrong with the variables that `proxy_from_environment` uses, if anything; their values are secrets. */
export function proxyVariableFault(env: Environment): string | undefined {
  const name = PROXY_VARIABLES.find((candidate) => {
    const proxy = withScheme(variable(candidate, env));
    return proxy !== undefined && proxyFault(proxy) !== undefined;
  });
  return (
    name &&
    `uses ${name.toUpperCase()}, which is not the URL of a proxy (such as http://proxy.example.com:3128)`
  );
}

// curl and Go accept `proxy:3128` too.
function withScheme(proxy: string | undefined): string | undefined {
  return proxy === undefined || proxy.includes('://') ? proxy : `http://${proxy}`;
}

function variable(name: string, env: Environment): string | undefined {
  return env[name] || env[name.toUpperCase()] || undefined;
}
