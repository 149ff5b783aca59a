import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

// Imported into the exporter before its own code: an error that nobody catches and that carries a whole request, as
// those of libraries do, in the thread that the variable names.
const thread = isMainThread ? 'main' : 'worker';

function crash(details: object): never {
  throw Object.assign(new Error('crashed by a test'), details);
}

function crashOnRequest(message: unknown): void {
  const { request }: { request?: object } = Object(message);
  crash({ config: request !== undefined && 'headers' in request ? request.headers : undefined, request });
}

function crashOnWrite(): void {
  Socket.prototype.write = new Proxy(Socket.prototype.write, {
    apply(write, socket, args) {
      setImmediate(() => crash({ config: String(args[0]), request: socket }));
      return Reflect.apply(write, socket, args);
    },
  });
}

if (process.env.CRASH === thread) {
  if (isMainThread) subscribe('http.server.request.start', crashOnRequest);
  else crashOnWrite();
}
