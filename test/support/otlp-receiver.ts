import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { type Listening, listen } from './listen.ts';
import { type OtlpMetrics, readMetrics } from './otlp-points.ts';
import { decodeMetrics } from './otlp-protobuf.ts';

/** How a push is answered: with a status of HTTP, never, or with a byte now and then. */
export type OtlpAnswer = number | 'never' | 'drip';

/** A push as it was received. */
export type Pushed = OtlpMetrics & {
  readonly path: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** Bytes before compression. */
  readonly size: number;
};

/** A Collector that remembers what it was sent; what it answers may be changed at any time. */
export type OtlpReceiver = Listening & {
  readonly pushes: readonly Pushed[];
  readonly url: string;
  answer: OtlpAnswer;
};

const DRIP_EVERY_MS = 20;

/** Receives OTLP over HTTP, protobuf and JSON, with TLS if there are options for it. */
export async function otlpReceiver(tls?: ServerOptions): Promise<OtlpReceiver> {
  const pushes: Pushed[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers, url: path = '' } = request;
      const sent = Buffer.concat(chunks);
      const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      const isJson = headers['content-type'] === 'application/json';
      const shape = isJson ? JSON.parse(body.toString()) : decodeMetrics(body);
      pushes.push({ path, headers, size: body.length, ...readMetrics(shape) });
      const { answer } = receiver;
      if (answer === 'drip') {
        response.writeHead(200);
        const dripping = setInterval(() => response.write('.'), DRIP_EVERY_MS);
        response.on('close', () => clearInterval(dripping));
      } else if (answer !== 'never') {
        // As careless as a server can be: it sends back what it must not.
        response.writeHead(answer, `Not for ${headers.authorization}`).end();
      }
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  const listening = await listen(server);
  const url = `${tls === undefined ? 'http' : 'https'}://${listening.authority}`;
  const receiver: OtlpReceiver = { ...listening, pushes, url, answer: 200 };
  return receiver;
}

/** Receives OTLP over gRPC; statuses other than 200 become INTERNAL. */
export async function otlpGrpcReceiver(): Promise<OtlpReceiver> {
  const pushes: Pushed[] = [];
  const server = createHttp2Server();
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const body = unframed(Buffer.concat(chunks));
      const { ':path': path = '' } = headers;
      pushes.push({ path, headers, size: body.length, ...readMetrics(decodeMetrics(body)) });
      if (receiver.answer !== 'never') answerGrpc(stream, receiver.answer === 200 ? '0' : '13');
    });
  });
  const listening = await listen(server);
  const receiver: OtlpReceiver = { ...listening, pushes, url: `http://${listening.authority}`, answer: 200 };
  return receiver;
}

/** @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
function unframed(message: Buffer): Buffer {
  const body = message.subarray(5, 5 + message.readUInt32BE(1));
  return message[0] === 1 ? gunzipSync(body) : body;
}

function answerGrpc(stream: ServerHttp2Stream, status: string): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
  stream.on('wantTrailers', () =>
    stream.sendTrailers({ 'grpc-status': status, 'grpc-message': 'as requested' }),
  );
  stream.end(Buffer.alloc(5));
}
