import { createServer } from 'node:https';
import type { TLSSocket, TlsOptions } from 'node:tls';
import type { Certificate } from './certificates.ts';
import { type Handler, type HttpServer, ok, type Received, recording } from './http-server.ts';
import { type Loopback, listen } from './listen.ts';

/** What a completed handshake agreed on. */
export type Handshake = {
  /** The name that the client sent (SNI), if any. */
  readonly serverName: string | undefined;
  readonly alpn: string | undefined;
  readonly resumed: boolean;
  /** Such as `TLSv1.3`. */
  readonly protocol: string | null;
  /** The common name of the client's certificate, if it sent one. */
  readonly clientName: string | undefined;
};

/** An HTTPS server that remembers its handshakes beside its requests. */
export type TlsServer = HttpServer & {
  readonly handshakes: readonly Handshake[];
  /** Why handshakes failed, as the server saw it. */
  readonly handshakeErrors: readonly Error[];
  /** Bytes received over TLS so far, whether they made a request or not. */
  applicationBytes(): number;
};

/** What an HTTPS server asks of its clients, and where it listens. */
export type TlsServerOptions = TlsOptions & { readonly host?: Loopback };

/** Starts an HTTPS server on the loopback; `ecdhCurve` takes the key exchange groups. */
export async function tlsServer(
  certificate: Certificate,
  handler: Handler = ok,
  { host, ...options }: TlsServerOptions = {},
): Promise<TlsServer> {
  const requests: Received[] = [];
  const handshakes: Handshake[] = [];
  const handshakeErrors: Error[] = [];
  let applicationBytes = 0;
  const served = { cert: certificate.chainPem, key: certificate.keyPem };
  const server = createServer({ ...served, ...options }, recording(requests, handler));
  server.on('secureConnection', (socket) => {
    handshakes.push(handshakeOf(socket));
    socket.on('data', (chunk: Buffer) => {
      applicationBytes += chunk.length;
    });
  });
  server.on('tlsClientError', (error) => handshakeErrors.push(error));
  const listening = await listen(server, host);
  return {
    ...listening,
    requests,
    handshakes,
    handshakeErrors,
    applicationBytes: () => applicationBytes,
    url: (path = '/') => `https://${listening.authority}${path}`,
  };
}

function handshakeOf(socket: TLSSocket): Handshake {
  const { servername, alpnProtocol }: { servername?: unknown; alpnProtocol?: unknown } = socket;
  const { CN } = socket.getPeerCertificate().subject ?? {};
  return {
    serverName: textOf(servername),
    alpn: textOf(alpnProtocol),
    resumed: socket.isSessionReused(),
    protocol: socket.getProtocol(),
    clientName: textOf(CN),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
