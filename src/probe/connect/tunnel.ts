import { type ClientRequest, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { hostOf, portOf, usesTls } from '../../target/scheme.ts';
import { Failure } from '../failure.ts';
import type { Run } from '../run.ts';
import { handshake } from './handshake.ts';
import { openTcp } from './open.ts';

/** The header field that a proxy's credentials are sent in, if its URL has some. */
export function proxyAuthorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = `${unescaped(username)}:${unescaped(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

// A percent sign that escapes nothing stands for itself.
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A connection to a proxy, itself over TLS if the proxy's URL is https; its time counts as `dns` and `connect`. */
export async function openProxy(proxy: URL, run: Run): Promise<Socket | Failure> {
  const host = hostOf(proxy);
  const tcp = await openTcp({ host, port: portOf(proxy) }, run);
  if (tcp instanceof Failure || !usesTls(proxy.protocol)) return proxyFailure(tcp, host);
  // The expiry of its certificate is not the target's.
  return proxyFailure(
    await handshake(tcp, { name: host, origin: 'foreign' }, { ...run, findings: {} }),
    host,
  );
}

// A fault of the proxy is not the target's. The name of the proxy is hidden: it may come from a secret variable.
function proxyFailure(outcome: Socket | Failure, host: string): Socket | Failure {
  if (!(outcome instanceof Failure) || outcome.result === 'internal_error') return outcome;
  const why = outcome.reason.replaceAll(host, 'its host');
  return new Failure('proxy_error', `the proxy cannot be reached: ${why}`);
}

/** Asks a proxy for a tunnel to a URL's host (RFC 9110, 9.3.6). */
export function openTunnel(
  socket: Socket,
  proxy: URL,
  url: URL,
  { deadline }: Run,
): Promise<Socket | Failure> {
  return deadline.run<Socket>('connect_timeout', (settle) => {
    const request = connectRequest(socket, proxy, `${url.hostname}:${portOf(url)}`);
    const fail = (failure: Failure) => {
      request.destroy();
      settle(failure);
    };
    request.once('connect', ({ statusCode = 0 }, tunnelled, head) => {
      if (statusCode < 200 || statusCode > 299) return fail(proxyRefusal(statusCode));
      if (head.length > 0) tunnelled.unshift(head);
      settle(socket);
    });
    request.on('error', ({ message }) =>
      fail(new Failure('proxy_error', `the proxy failed at CONNECT: ${message}`)),
    );
    request.end();
    return () => socket.destroy();
  });
}

function connectRequest(socket: Socket, proxy: URL, authority: string): ClientRequest {
  return httpRequest({
    method: 'CONNECT',
    path: authority,
    headers: { Host: authority, ...proxyAuthorization(proxy) },
    setHost: false,
    createConnection: () => socket,
  });
}

/** The failure of a proxy that does not let a request through. */
export function proxyRefusal(status: number): Failure {
  const why = status === 407 ? 'it requires other credentials' : 'it refused CONNECT';
  return new Failure('proxy_error', `the proxy responded with ${status}: ${why}`);
}
