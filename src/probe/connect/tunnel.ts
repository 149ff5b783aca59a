import { type ClientRequest, request } from 'node:http';
import type { Socket } from 'node:net';
import { hostOf, portOf } from '../../target/scheme.ts';
import { Failure } from '../failure.ts';
import type { Run } from '../run.ts';
import { handshake } from './handshake.ts';
import { tcpConnection } from './open.ts';

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
export async function proxyConnection(proxy: URL, run: Run): Promise<Socket | Failure> {
  const host = hostOf(proxy);
  const tcp = await tcpConnection({ host, port: portOf(proxy) }, run);
  if (tcp instanceof Failure || proxy.protocol === 'http:') return proxyFault(tcp, host);
  // The end of its certificate is not the target's.
  return proxyFault(await handshake(tcp, { name: host, origin: 'foreign' }, { ...run, findings: {} }), host);
}

// The proxy's troubles are not the target's; ours stay ours. Its name may come from a variable that nobody is to see.
function proxyFault(outcome: Socket | Failure, host: string): Socket | Failure {
  if (!(outcome instanceof Failure) || outcome.result === 'internal_error') return outcome;
  const why = outcome.reason.replaceAll(host, 'its host');
  return new Failure('proxy_error', `the proxy cannot be reached: ${why}`);
}

/** Asks a proxy for a tunnel to a URL's host (RFC 9110, 9.3.6). */
export function tunnel(socket: Socket, proxy: URL, url: URL, { deadline }: Run): Promise<Socket | Failure> {
  return deadline.run<Socket>('connect_timeout', (settle) => {
    const asked = connectRequest(socket, proxy, `${url.hostname}:${portOf(url)}`);
    const failed = (failure: Failure) => {
      asked.destroy();
      settle(failure);
    };
    asked.once('connect', ({ statusCode = 0 }, tunnelled, head) => {
      if (statusCode < 200 || statusCode > 299) return failed(refusal(statusCode));
      if (head.length > 0) tunnelled.unshift(head);
      settle(socket);
    });
    asked.on('error', ({ message }) =>
      failed(new Failure('proxy_error', `the proxy failed at CONNECT: ${message}`)),
    );
    asked.end();
    return () => socket.destroy();
  });
}

function connectRequest(socket: Socket, proxy: URL, authority: string): ClientRequest {
  return request({
    method: 'CONNECT',
    path: authority,
    headers: { Host: authority, ...proxyAuthorization(proxy) },
    setHost: false,
    createConnection: () => socket,
  });
}

/** The failure of a proxy that does not let a request through. */
export function refusal(status: number): Failure {
  const why = status === 407 ? 'it wants other credentials' : 'it refused CONNECT';
  return new Failure('proxy_error', `the proxy answered ${status}: ${why}`);
}
