import { Axios, AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { Connection } from '../connect/connection.ts';
import type { Failure } from '../failure.ts';
import type { Run } from '../run.ts';
import type { Hop } from './hop.ts';
import { type ResponseHead, send } from './send.ts';

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
  run: Run,
): Promise<ResponseHead | Failure> {
  const response = await client.request<ResponseHead | Failure>({
    url: hop.url.href,
    method: hop.method,
    data: hop.body,
    adapter: async (config) => responseOf(config, await send(hop, headers, connection, run)),
  });
  return response.data;
}

// The header fields stay on the message of the response head, so that only probes that need them pay for them.
function responseOf<T extends ResponseHead | Failure>(
  config: InternalAxiosRequestConfig,
  data: T,
): AxiosResponse<T> {
  const status = 'status' in data ? data.status : 0;
  return { data, status, statusText: '', headers: NO_HEADERS, config };
}
