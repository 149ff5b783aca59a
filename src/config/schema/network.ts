import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import type { IpVersion } from '../../target/target.ts';
import { noProxyCodec, wordCodec } from './codec.ts';
import { checkedText, NOT_BOOLEAN } from './text.ts';

const NOT_CIDR = 'is not an address or CIDR (such as 10.0.0.0/8 or fd00::/8)';
const NOT_SERVER =
  'is not ADDRESS[:PORT] of a name server (such as 9.9.9.9, 10.0.0.2:5353, [2620:fe::fe]:53)';

const cidrs = z.array(
  checkedText((text) => (isCidr(text) ? undefined : NOT_CIDR)),
  {
    error: 'is not a list of CIDRs (such as [10.0.0.0/8])',
  },
);

/** The settings that say how and where to connect. */
export const NETWORK_SETTINGS = {
  ip_version: wordCodec<IpVersion>('an IP version', { auto: 'auto', '4': '4', '6': '6' }).describe(
    '`auto`, `4` or `6`; `auto` tries both, and the time for that is part of `connect`',
  ),
  dns_servers: z
    .array(
      checkedText((text) => (isServer(text) ? undefined : NOT_SERVER)),
      {
        error: 'is not a list of name servers (such as [9.9.9.9])',
      },
    )
    .describe('name servers to query directly, `ADDRESS[:PORT]`; no hosts file and no search list then'),
  proxy_url: checkedText(proxyFault).describe('HTTP proxy to use; CONNECT for https'),
  no_proxy: noProxyCodec.describe(
    'hosts to connect to without the proxy: names, `.domains`, addresses, CIDRs, `*`',
  ),
  proxy_from_environment: z
    .boolean({ error: NOT_BOOLEAN })
    .describe('uses `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`'),
  deny_addresses: cidrs.describe(
    'CIDRs never to connect to, in addition to link-local and cloud metadata addresses',
  ),
  allow_addresses: cidrs.describe('CIDRs that are allowed although they are denied elsewhere'),
};

function isCidr(text: string): boolean {
  return isIP(text) !== 0 || (/^[\d.a-f:]+\/\d{1,3}$/i.test(text) && ipaddr.isValidCIDR(text));
}

function isServer(text: string): boolean {
  const [, address = '', port] = /^\[?([^[\]]*?)\]?(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (isIP(text) !== 0) return true;
  const isAddress = isIP(address) === 4 || (isIP(address) === 6 && text.startsWith('['));
  return isAddress && (port === undefined || (Number(port) > 0 && Number(port) < 65536));
}

/** What is wrong with the URL of a proxy, which may hold a user and a password. */
export function proxyFault(text: string): string | undefined {
  const url = URL.parse(text);
  const isProxy = url !== null && /^https?:\/\//i.test(text) && ['', '/'].includes(url.pathname);
  return isProxy ? undefined : 'is not the URL of a proxy (such as http://proxy.example.com:3128)';
}
