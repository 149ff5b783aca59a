import type { TlsOptions } from 'node:tls';
import { type CertificateRequest, certificateAuthority, daysFromNow, issue } from '../certificates.ts';
import { httpServer } from '../http-server.ts';
import { drip, forever, type RawOptions, rawServer, type Script } from '../raw-server.ts';
import type { Overrides } from '../target.ts';
import { tempFolder } from '../temp-folder.ts';
import { tlsServer } from '../tls-server.ts';
import { type Misbehaviour, misbehaving } from './kind.ts';

/** An HTTPS server of a root that the target trusts; a byte that came over TLS counts as a request even if it makes none. */
function https(
  certificate: CertificateRequest,
  options: TlsOptions = {},
  tls: Overrides['tls'] = {},
): Misbehaviour['start'] {
  return () =>
    misbehaving(async (stack) => {
      const root = await certificateAuthority();
      const caFile = await stack.use(await tempFolder()).write('ca.pem', root.certPem);
      const served = await issue({ by: root, ...certificate });
      const server = stack.use(await tlsServer(served, undefined, { ca: root.certPem, ...options }));
      const requests = () => Math.max(server.requests.length, Math.min(1, server.applicationBytes()));
      return { url: server.url(), overrides: { tls: { caFile, ...tls } }, requests };
    });
}

/** A server over TCP that is taken for one that speaks TLS. */
function notTls(script: Script): Misbehaviour['start'] {
  return () =>
    misbehaving(async (stack) => {
      const { authority, heads } = stack.use(await rawServer(script, { on: 'connection' }));
      return { url: `https://${authority}/`, overrides: {}, requests: () => heads.length };
    });
}

/** A server that follows a script over a good TLS connection. */
function overTls(script: Script, options: RawOptions = {}): Misbehaviour['start'] {
  return () =>
    misbehaving(async (stack) => {
      const root = await certificateAuthority();
      const caFile = await stack.use(await tempFolder()).write('ca.pem', root.certPem);
      const { certPem: cert, keyPem: key } = await issue({ by: root });
      const server = stack.use(await rawServer(script, { ...options, tls: { cert, key } }));
      return { url: server.url(), overrides: { tls: { caFile } }, requests: () => server.heads.length };
    });
}

async function withoutIntermediate(stack: AsyncDisposableStack) {
  const root = await certificateAuthority();
  const caFile = await stack.use(await tempFolder()).write('ca.pem', root.certPem);
  const leaf = await issue({ by: await issue({ by: root, isCa: true, commonName: 'Test Intermediate' }) });
  const server = stack.use(await tlsServer({ ...leaf, chainPem: leaf.certPem }));
  return { url: server.url(), overrides: { tls: { caFile } }, requests: server.applicationBytes };
}

/** Certificates that must not be accepted; the request is never written. */
const CERTIFICATES: readonly Misbehaviour[] = Object.entries({
  'a certificate of a root that is not trusted': () =>
    misbehaving(async (stack) => {
      const server = stack.use(await tlsServer(await issue({ by: await certificateAuthority() })));
      return { url: server.url(), overrides: {}, requests: server.applicationBytes };
    }),
  'a certificate signed by itself': () =>
    misbehaving(async (stack) => {
      const server = stack.use(await tlsServer(await issue()));
      return { url: server.url(), overrides: {}, requests: server.applicationBytes };
    }),
  'an expired certificate': https({ notAfter: daysFromNow(-1) }),
  'a certificate that is not yet valid': https({ notBefore: daysFromNow(1) }),
  'a certificate of another host': https({ names: ['other.test'], addresses: [] }),
  'a certificate of the address, where a server name was set': https({}, {}, { serverName: 'other.test' }),
  'a chain without its intermediate': () => misbehaving(withoutIntermediate),
}).map(([name, start]) => ({ name, start, expected: { result: 'tls_certificate', requests: 0 } }));

const HANDSHAKES: readonly Misbehaviour[] = Object.entries({
  'garbage in place of a handshake': notTls((socket) => socket.write('x'.repeat(1000))),
  'a plain HTTP response in place of a handshake': notTls((socket) =>
    socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  ),
  'an HTTP server at an https URL': () =>
    misbehaving(async (stack) => {
      const { authority, requests } = stack.use(await httpServer());
      return { url: `https://${authority}/`, overrides: {}, requests: () => requests.length };
    }),
  'closed before the handshake': notTls((socket) => socket.end()),
  'a reset in the handshake': notTls((socket) => socket.once('data', () => socket.resetAndDestroy())),
  'closed in the handshake': notTls((socket) => socket.once('data', () => socket.end())),
  'no TLS version that is still accepted': https(
    {},
    { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
  ),
  'a newer TLS version than the target allows': https(
    {},
    { minVersion: 'TLSv1.3' },
    { maxVersion: 'TLSv1.2' },
  ),
  'a client certificate is required (TLS 1.2)': https({}, { requestCert: true, maxVersion: 'TLSv1.2' }),
  'a client certificate is required (TLS 1.3, refused after the handshake)': https(
    {},
    { requestCert: true, minVersion: 'TLSv1.3' },
  ),
}).map(([name, start]) => ({ name, start, expected: { result: 'tls_error', requests: 0 } }));

const SLOW: readonly Misbehaviour[] = [
  {
    name: 'a reset before the handshake',
    start: notTls((socket) => socket.resetAndDestroy()),
    expected: { result: ['tls_error', 'connect_error'], requests: 0 },
  },
  {
    name: 'a handshake that is never answered',
    start: notTls(() => {}),
    expected: { result: 'tls_timeout', phase: 'tls', requests: 0 },
  },
  {
    name: 'a handshake that drips one byte at a time',
    // The header of a handshake record of 16 KiB, and then its bytes.
    start: notTls((socket) => {
      socket.write(Buffer.from([0x16, 0x03, 0x03, 0x40, 0x00, 0x02, 0x00, 0x3f, 0xf0]));
      drip(socket, forever(Buffer.from([3])), 50);
    }),
    expected: { result: 'tls_timeout', phase: 'tls', requests: 0 },
  },
  {
    name: 'silence after a good handshake',
    start: overTls(() => {}),
    expected: { result: 'response_timeout', phase: 'wait', requests: 1 },
  },
];

const AFTERWARDS: readonly Misbehaviour[] = [
  {
    name: 'closed after a good handshake and the request',
    start: overTls((socket) => socket.end()),
    expected: { result: 'connection_closed', requests: 1 },
  },
  {
    name: 'garbage after a good handshake',
    start: overTls((socket) => socket.write('lorem ipsum\r\n\r\n')),
    expected: { result: 'protocol_error', requests: 1 },
  },
  {
    name: 'a TLS server at an http URL',
    start: () =>
      misbehaving(async (stack) => {
        const server = stack.use(await tlsServer(await issue()));
        return { url: `http://${server.authority}/`, overrides: {}, requests: server.connections };
      }),
    expected: { result: ['protocol_error', 'connection_closed'], requests: 1 },
  },
];

/** Servers that fail in TLS, or after it. */
export const TLS: readonly Misbehaviour[] = [...CERTIFICATES, ...HANDSHAKES, ...SLOW, ...AFTERWARDS];
