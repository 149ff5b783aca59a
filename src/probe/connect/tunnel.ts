import type { Socket } from 'node:net';
import { hostOf, portOf, usesTls } from '../../target/scheme.ts';
import { Failure } from '../failure.ts';
import type { Reading } from '../http1/reading.ts';
import { requestText } from '../http1/request.ts';
import { isOver } from '../http1/response.ts';
import { ResponseReader } from '../http1/response-reader.ts';
import type { Run } from '../run.ts';
import type { Wire } from '../wire.ts';
import { makeTcpAttempt } from './attempt.ts';
import { secureWire } from './handshake.ts';
import { openTcp } from './open.ts';

/** The header field that a proxy's credentials are sent in, if its URL has some. */
export function proxyAuthorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = `${decodePercents(username)}:${decodePercents(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

// A percent sign that escapes nothing stands for itself.
function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A connection to a proxy, itself over TLS if the proxy's URL is https; its time counts as `dns` and `connect`. */
export async function openProxy(proxy: URL, run: Run): Promise<Wire | Failure> {
  const host = hostOf(proxy);
  const tcp = await openTcp({ host, port: portOf(proxy), makeAttempt: makeTcpAttempt }, run);
  if (tcp instanceof Failure || !usesTls(proxy.protocol)) return proxyFailure(tcp, host);
  // The expiry of its certificate is not the target's.
  return proxyFailure(
    await secureWire(tcp, { name: host, origin: 'foreign', server: proxy.host }, { ...run, findings: {} }),
    host,
  );
}

// A fault of the proxy is not the target's. The name of the proxy is hidden: it may come from a secret variable.
function proxyFailure(outcome: Wire | Failure, host: string): Wire | Failure {
  if (!(outcome instanceof Failure) || outcome.result === 'internal_error') return outcome;
  const why = outcome.reason.replaceAll(host, 'its host');
  return new Failure('proxy_error', `the proxy cannot be reached: ${why}`);
}

/** Asks a proxy for a tunnel to a URL's host (RFC 9110, 9.3.6). */
export function openTunnel(wire: Wire, proxy: URL, url: URL, { deadline }: Run): Promise<Wire | Failure> {
  const { socket } = wire;
  return deadline.run<Wire>('connect_timeout', (settle) => {
    const reader = new ResponseReader(wire, CONNECT, (rest) => putBack(rest, socket));
    socket.write(connectText(proxy, `${url.hostname}:${portOf(url)}`), 'latin1');
    reader.watch((reading) => {
      const refusal = refusalOf(reading);
      if (refusal !== undefined) {
        socket.destroy();
        settle(refusal);
      } else if (isOver(reading)) settle(wire);
    });
    return () => socket.destroy();
  });
}

// What follows the response in its last packet belongs to the tunnel. A flowing socket would bring it here again at once.
function putBack(rest: Buffer, socket: Socket): void {
  socket.removeAllListeners('data').pause();
  socket.unshift(rest);
}

const CONNECT = { method: 'CONNECT', maxBodyBytes: 0, keepsBody: false } as const;

function connectText(proxy: URL, authority: string): string {
  const headers = { Host: authority, ...proxyAuthorization(proxy) };
  return requestText({ method: 'CONNECT', target: authority, headers: Object.entries(headers).flat() });
}

function refusalOf({ failure, hasHead, status }: Reading): Failure | undefined {
  if (hasHead && status > 299) return proxyRefusal(status);
  return failure && new Failure('proxy_error', `the proxy failed at CONNECT: ${failure.reason}`);
}

/** The failure of a proxy that does not let a request through. */
export function proxyRefusal(status: number): Failure {
  const why = status === 407 ? 'it requires other credentials' : 'it refused CONNECT';
  return new Failure('proxy_error', `the proxy responded with ${status}: ${why}`);
}
