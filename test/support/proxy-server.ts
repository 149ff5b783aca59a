import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Listening, listen } from './listen.ts';

/** A request to the proxy: `target` is `HOST:PORT` for CONNECT, else what stands in the request line. */
export type Proxied = {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
};

/** An HTTP proxy that remembers what it was asked. */
export type ProxyServer = Listening & {
  readonly requests: readonly Proxied[];
  readonly url: string;
};

/** How a proxy behaves; by default it serves everybody. */
export type ProxyOptions = {
  /** `USER:PASSWORD` without which it answers 407. */
  readonly credentials?: string;
  /** Answers every request with this status instead of carrying it out. */
  readonly refuseWith?: number;
  /** Never answers. */
  readonly hang?: boolean;
};

/** Starts a proxy on 127.0.0.1, for CONNECT and for requests with a whole URL. */
export async function proxyServer(options: ProxyOptions = {}): Promise<ProxyServer> {
  const requests: Proxied[] = [];
  const tunnels = new Set<Socket>();
  const findRefusal = ({ method = '', url: target = '', headers }: IncomingMessage) => {
    requests.push({ method, target, headers });
    return verdict(headers, options);
  };
  const server = createServer((incoming, response) => {
    const refusal = findRefusal(incoming);
    if (refusal === 'hang') return;
    if (refusal !== undefined) {
      response.writeHead(refusal.status, refusal.headers).end();
      return;
    }
    const { method, url = '', headers } = incoming;
    const onward = request(url, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, client) => {
    const refusal = findRefusal(incoming);
    // A connection that is not read never learns of its end.
    if (refusal === 'hang') client.resume().once('end', () => client.end());
    else if (refusal === undefined) tunnels.add(tunnel(incoming.url ?? '', client));
    else client.end(headOf(refusal));
  });
  const listening = await listen(server);
  return {
    ...listening,
    requests,
    url: `http://${listening.authority}`,
    async [Symbol.asyncDispose]() {
      for (const socket of tunnels) socket.destroy();
      await listening[Symbol.asyncDispose]();
    },
  };
}

type Refusal = { readonly status: number; readonly headers: Readonly<Record<string, string>> };

function verdict(headers: IncomingHttpHeaders, options: ProxyOptions): Refusal | 'hang' | undefined {
  const { credentials, refuseWith, hang = false } = options;
  if (hang) return 'hang';
  if (refuseWith !== undefined) return { status: refuseWith, headers: {} };
  if (credentials === undefined) return undefined;
  const required = `Basic ${Buffer.from(credentials).toString('base64')}`;
  if (headers['proxy-authorization'] === required) return undefined;
  return { status: 407, headers: { 'proxy-authenticate': 'Basic realm="proxy"' } };
}

function headOf({ status, headers }: Refusal): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Refused\r\n${fields.join('')}\r\n`;
}

function tunnel(target: string, client: Duplex): Socket {
  const { hostname, port } = new URL(`http://${target}`);
  const upstream = connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
  upstream.once('connect', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', () => client.destroy());
  client.once('close', () => upstream.destroy());
  upstream.once('close', () => client.destroy());
  return upstream;
}
