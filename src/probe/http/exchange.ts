import { Axios, AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { Connection } from '../connect/connection.ts';
import { Failure } from '../failure.ts';
import type { ResponseReader } from '../http1/response-reader.ts';
import type { Hop, HttpRun } from './hop.ts';
import { send } from './send.ts';

// Not made by `create`, whose defaults are merged again for every request: nothing is followed, decoded or refused here.
const client = new Axios({});

const NO_HEADERS = new AxiosHeaders();

/**
 * Makes the one exchange of a hop over a connection that is ready; `headers` are names and values in turn.
 * That it goes through axios is a requirement of this project; our adapter, `send`, does the work.
 * Header fields do not pass through axios, which would copy them several times.
 */
export async function exchange(
  hop: Hop,
  headers: readonly string[],
  connection: Connection,
  run: HttpRun,
): Promise<ResponseReader | Failure> {
  const response = await client.request<ResponseReader | Failure>({
    url: hop.url.href,
    method: hop.method,
    data: hop.body,
    adapter: async (config) => responseOf(config, await send(hop, headers, connection, run)),
  });
  return response.data;
}

function responseOf<T extends ResponseReader | Failure>(
  config: InternalAxiosRequestConfig,
  data: T,
): AxiosResponse<T> {
  const status = data instanceof Failure ? 0 : data.reading.status;
  return { data, status, statusText: '', headers: NO_HEADERS, config };
}
