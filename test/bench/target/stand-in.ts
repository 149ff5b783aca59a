import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateAuthority, issue } from '../../support/certificates.ts';
import { listen } from '../../support/listen.ts';

// What the Go server does, where there is no Go; its figures cannot be compared with those of the Go server.
const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'bench-'));
const counts = { requests: 0, connections: 0, pushes: 0, pushedBytes: 0, groups: {} };
let served: Record<string, [number, number][]> = {};

const answer: RequestListener = (request, response) => {
  const { url = '/' } = request;
  if (url === '/v1/metrics') {
    counts.pushes += 1;
    request.on('data', (chunk: Buffer) => {
      counts.pushedBytes += chunk.length;
    });
    request.on('end', () => response.end());
    return;
  }
  counts.requests += 1;
  if (!url.startsWith('/slow')) {
    response.end('ok\n');
    return;
  }
  const began = performance.now();
  setTimeout(() => {
    response.end('ok\n', () => {
      served[url] ??= [];
      served[url].push([Date.now(), performance.now() - began]);
    });
  }, 100);
};

const control: RequestListener = (request, response) => {
  response.end(JSON.stringify(request.url === '/counts' ? counts : served));
  if (request.url === '/served') served = {};
};

const root = await certificateAuthority();
const leaf = await issue({ by: root });
const rootFile = join(folder, 'root.pem');
writeFileSync(rootFile, root.certPem);
const servers: Server[] = [
  createServer(answer),
  createTlsServer({ cert: leaf.chainPem, key: leaf.keyPem }, answer),
];
for (const server of servers) {
  server.keepAliveTimeout = 1;
  server.on('connection', (_socket: Socket) => {
    counts.connections += 1;
  });
}
const [http, https, controlPort] = await Promise.all(
  [...servers, createServer(control)].map((server) => listen(server)),
);
const where = {
  http: [http?.authority],
  https: [https?.authority],
  control: controlPort?.authority,
  rootFile,
};
process.stdout.write(`${JSON.stringify(where)}\n`);
