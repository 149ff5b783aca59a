import { type Connection, openConnection } from '../connect/connection.ts';
import { proxyRefusal } from '../connect/tunnel.ts';
import { Failure } from '../failure.ts';
import type { Field } from '../http1/reading.ts';
import { bodyOf, valuesOf } from '../http1/response.ts';
import type { ResponseReader } from '../http1/response-reader.ts';
import { exchange } from './exchange.ts';
import type { Hop, HttpRun } from './hop.ts';
import { requestHeaders } from './request-headers.ts';
import type { HttpResponse } from './response.ts';
import { readToEnd } from './send.ts';

/** A response that leads to another hop. */
type Redirect = { readonly status: number; readonly location: string | undefined };

/** Makes one request over a connection of its own. */
export async function requestHop(hop: Hop, run: HttpRun): Promise<HttpResponse | Redirect | Failure> {
  const connection = await openConnection(hop, run);
  if (connection instanceof Failure) return connection;
  run.timeline.enter('wait');
  try {
    const reader = await exchange(hop, requestHeaders(hop, run, connection.proxy), connection, run);
    return reader instanceof Failure ? reader : await readResponse(reader, connection, run);
  } finally {
    connection.socket.destroy();
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

function readResponse(
  reader: ResponseReader,
  connection: Connection,
  run: HttpRun,
): Redirect | Failure | Promise<HttpResponse | Failure> {
  const { settings, findings } = run;
  const { reading } = reader;
  const { status } = reading;
  if (connection.proxy !== undefined && status === 407) return proxyRefusal(status);
  findings.statusCode = status;
  findings.redirects ??= 0;
  // RFC 9110, 15.4.
  if (settings.followRedirects && REDIRECTS.has(status)) {
    const [location] = valuesOf(reading, 'location');
    return { status, location };
  }
  return readFinal(reader, connection, run);
}

async function readFinal(
  reader: ResponseReader,
  connection: Connection,
  run: HttpRun,
): Promise<HttpResponse | Failure> {
  const response = await readToEnd(reader, connection, run);
  if (response instanceof Failure) return response;
  const { status, fields, bodyBytes } = response;
  run.findings.bodyBytes = bodyBytes;
  return { status, headers: () => headersOf(fields), ...(run.keepsBody && { content: bodyOf(response) }) };
}

function headersOf(fields: readonly Field[]): Readonly<Record<string, readonly string[]>> {
  const values = Map.groupBy(fields, ({ name }) => name);
  return Object.fromEntries(Array.from(values, ([name, lines]) => [name, lines.map(({ value }) => value)]));
}
