import type { Server } from 'node:net';
import { createServer, Server as TlsServer } from 'node:tls';
import {
  type Certificate,
  type CertificateRequest,
  certificateAuthority,
  daysFromNow,
  issue,
} from '../support/certificates.ts';
import type { Kind, Started } from './kind.ts';
import { replaceFile } from './replace-file.ts';
import type { Due } from './served-counts.ts';
import { type Answer, onPaths, onPorts, type Site, scripted } from './serving.ts';

const ok: Answer = (socket) => {
  socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  return 'success';
};

type Identity = { readonly cert: string; readonly key: string };

function identityOf({ chainPem, keyPem }: Certificate): Identity {
  return { cert: chainPem, key: keyPem };
}

/** Certificates that must not be accepted: no request is ever made. */
function refused(name: string, request: CertificateRequest | 'self-signed'): Kind {
  return {
    name,
    weight: 20,
    results: ['tls_certificate'],
    reaches: 'once',
    async start(site) {
      const root = await certificateAuthority();
      const leaf = await issue(request === 'self-signed' ? {} : { by: root, ...request });
      const server = () => ({ server: createServer(identityOf(leaf)), scheme: 'https' }) as const;
      const caFile = await replaceFile(site.folder, `${name}.pem`, root.certPem);
      return {
        urls: await onPorts(site, 'tls_certificate', server),
        settings: { tls_config: { ca_file: caFile } },
      };
    },
  };
}

/** Ports where a handshake does not get far. */
function notTls(name: string, due: Due & ('tls_timeout' | 'tls_error'), text: string): Kind {
  const listener = () =>
    ({ server: scripted((socket) => socket.resume().write(text)), scheme: 'https' }) as const;
  return {
    name,
    weight: 20,
    results: [due],
    reaches: 'once',
    start: async (site) => ({ urls: await onPorts(site, due, listener) }),
  };
}

async function good(site: Site): Promise<Started> {
  const root = await certificateAuthority();
  const caFile = await replaceFile(site.folder, 'good.pem', root.certPem);
  const tls = identityOf(await issue({ by: root }));
  return { urls: await onPaths(site, ok, { tls }), settings: { tls_config: { ca_file: caFile } } };
}

/** In how many steps a root is replaced. */
export const ROOT_STEPS = 3;

/**
 * Servers whose root is replaced as it should be: the new one is trusted beside the old one, then the certificate
 * changes, then the old root is trusted no more. At no time may a probe fail.
 */
async function changing(site: Site): Promise<Started> {
  let root = await certificateAuthority();
  let next = root;
  let server: Server | undefined;
  const trust = (...roots: readonly Certificate[]) =>
    replaceFile(site.folder, 'changing.pem', roots.map(({ certPem }) => certPem).join(''));
  const steps = [
    async () => {
      next = await certificateAuthority();
      await trust(root, next);
    },
    async () => {
      const identity = identityOf(await issue({ by: next }));
      if (server instanceof TlsServer) server.setSecureContext(identity);
    },
    async () => {
      root = next;
      await trust(root);
    },
  ];
  let turns = 0;
  const caFile = await trust(root);
  const tls = identityOf(await issue({ by: root }));
  const onServer = (started: Server) => {
    server = started;
  };
  return {
    urls: await onPaths(site, ok, { tls, onServer }),
    settings: { tls_config: { ca_file: caFile } },
    async turn() {
      await steps[turns % ROOT_STEPS]?.();
      turns += 1;
    },
  };
}

/** Targets over TLS. */
export const TLS_KINDS: readonly Kind[] = [
  { name: 'good TLS', weight: 120, results: ['success'], reaches: 'once', isOpen: true, start: good },
  { name: 'TLS, its root changing', weight: 60, results: ['success'], reaches: 'once', start: changing },
  refused('TLS, expired', { notAfter: daysFromNow(-1) }),
  refused('TLS, of another host', { names: ['other.test'], addresses: [] }),
  refused('TLS, signed by itself', 'self-signed'),
  notTls('TLS, hanging', 'tls_timeout', ''),
  notTls('TLS, garbage', 'tls_error', 'x'.repeat(1000)),
];
