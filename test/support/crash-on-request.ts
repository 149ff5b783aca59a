import { subscribe } from 'node:diagnostics_channel';
import { isMainThread } from 'node:worker_threads';

// Imported into the exporter before its own code: an error of nobody's that carries a whole request, as those of
// libraries do, in the thread that the variable names.
const thread = isMainThread ? 'main' : 'worker';

function crash(message: unknown): void {
  const { request }: { request?: object } = Object(message);
  throw Object.assign(new Error('crashed by a test'), { config: headersOf(request), request });
}

function headersOf(request: object | undefined): unknown {
  if (request === undefined) return undefined;
  if ('getHeaders' in request && typeof request.getHeaders === 'function') return request.getHeaders();
  return 'headers' in request ? request.headers : undefined;
}

if (process.env.CRASH === thread) {
  subscribe(thread === 'main' ? 'http.server.request.start' : 'http.client.request.start', crash);
}
