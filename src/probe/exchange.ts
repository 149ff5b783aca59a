import axios, { AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { Connection } from './connection.ts';
import { Failure } from './failure.ts';
import type { Hop } from './hop.ts';
import type { Headers } from './request-headers.ts';
import type { Run } from './run.ts';
import { type Reply, send } from './send.ts';

// A hop is one request, and what came back is judged by the probe: nothing is followed, decoded or refused here.
const client = axios.create({
  maxRedirects: 0,
  proxy: false,
  validateStatus: null,
  transformRequest: [],
  transformResponse: [],
  responseType: 'stream',
});

/**
 * Makes the one exchange of a hop over a connection that is ready: axios prepares the request and carries the
 * response, our adapter sends it. Its stock adapter costs a third more CPU, and hides why a request was ended.
 */
export async function exchange(
  hop: Hop,
  headers: Headers,
  connection: Connection,
  run: Run,
): Promise<Reply | Failure> {
  const response = await client.request<Reply | Failure>({
    url: hop.url.href,
    method: hop.method,
    headers: { ...headers },
    data: hop.body,
    adapter: async (config) => responseOf(config, await send(hop, fieldsOf(config), connection, run)),
  });
  return response.data;
}

function fieldsOf({ headers }: InternalAxiosRequestConfig): Record<string, string> {
  return Object.fromEntries(Object.entries(headers.toJSON()).map(([name, value]) => [name, String(value)]));
}

function responseOf<T extends Reply | Failure>(
  config: InternalAxiosRequestConfig,
  data: T,
): AxiosResponse<T> {
  const head = { status: 0, statusText: '', headers: new AxiosHeaders(), config };
  if (data instanceof Failure) return { ...head, data };
  const { headersDistinct, statusMessage = '' } = data.message;
  const fields = Object.entries(headersDistinct).map(([name, values = []]) => [name, values]);
  return {
    ...head,
    data,
    status: data.status,
    statusText: statusMessage,
    headers: new AxiosHeaders(Object.fromEntries(fields)),
  };
}
