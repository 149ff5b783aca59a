import { silence, zone } from '../support/dns-reply.ts';
import { dnsServer } from '../support/dns-server.ts';
import type { Kind } from './kind.ts';
import { type Answer, onPaths } from './serving.ts';

const ok: Answer = (socket) => {
  socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  return 'success';
};

function numbered(targets: number, url: (number: number) => string): readonly string[] {
  return Array.from({ length: targets }, (_, number) => url(number));
}

/** Targets that need a look-up, and those that are not reached. */
export const UNREACHED_KINDS: readonly Kind[] = [
  {
    name: 'by name',
    weight: 60,
    results: ['success'],
    reaches: 'once',
    async start(site) {
      const { address } = await dnsServer(zone({ 'soak.test': ['127.0.0.1'] }));
      return { urls: await onPaths(site, ok, { name: 'soak.test' }), settings: { dns_servers: [address] } };
    },
  },
  {
    name: 'unknown name',
    weight: 30,
    results: ['dns_error'],
    reaches: 'unknown',
    async start({ targets }) {
      const { address } = await dnsServer(zone({}));
      const urls = numbered(targets, (number) => `http://unknown-${number}.test/`);
      return { urls, settings: { dns_servers: [address] } };
    },
  },
  {
    name: 'name server that hangs',
    weight: 20,
    results: ['dns_timeout'],
    reaches: 'unknown',
    async start({ targets }) {
      const { address } = await dnsServer(silence);
      const urls = numbered(targets, (number) => `http://silent-${number}.test/`);
      return { urls, settings: { dns_servers: [address] } };
    },
  },
  {
    name: 'refusing',
    weight: 40,
    results: ['connect_refused'],
    reaches: 'unknown',
    // Nobody listens there; on a port that clients are given as well, one in 28,000 connections would meet itself.
    start: ({ targets }) =>
      Promise.resolve({ urls: numbered(targets, (number) => `http://127.0.0.1:1/${number}`) }),
  },
  {
    name: 'address that is denied',
    weight: 30,
    results: ['blocked_address'],
    reaches: 'never',
    start: async (site) => ({
      urls: await onPaths(site, ok, { host: '127.0.0.2' }),
      settings: { deny_addresses: ['127.0.0.2/32'] },
    }),
  },
];
