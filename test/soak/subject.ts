import { readdir } from 'node:fs/promises';
import { type RequestOptions, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { type Program, program, residentBytes } from '../support/program.ts';
import { readThreadUsage, type ThreadUsage } from './thread-usage.ts';

/** What the process holds at one moment. */
export type ProcessUsage = {
  readonly residentBytes: number;
  readonly descriptors: number;
  readonly threads: number;
  readonly heaps: readonly ThreadUsage[];
};

/** An answer of the exporter. */
export type Answered = {
  readonly status: number;
  readonly body: string;
  /** The serial number of the certificate that it was served with. */
  readonly serial: string;
};

/** The exporter that is soaked. */
export type Subject = AsyncDisposable & {
  readonly program: Program;
  /** Connections that it closed without an answer, as it may when its certificate is replaced. */
  closedConnections(): number;
  /** Asks, and once more if it closed the connection. */
  ask(path: string, options?: RequestOptions): Promise<Answered>;
  /** Collects the garbage of every thread, then looks what is left. */
  usage(): Promise<ProcessUsage>;
  residentBytes(): Promise<number>;
};

/** How it is started. */
export type SubjectOptions = {
  /** The entry: of the sources, or of a bundle. */
  readonly main: string;
  readonly configFile: string;
  readonly webConfigFile: string;
  /** What its web server's certificate is verified against. */
  readonly ca: string;
  readonly env: Readonly<Record<string, string>>;
};

/** The entry of the sources. */
export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Starts the exporter, with an inspector on the loopback: it has no endpoint of its own for what is asked of it here. */
export async function startSubject({
  main,
  configFile,
  webConfigFile,
  ca,
  env,
}: SubjectOptions): Promise<Subject> {
  const flags = [
    `--config.file=${configFile}`,
    `--web.config.file=${webConfigFile}`,
    '--web.listen-address=127.0.0.1:0',
    '--web.enable-lifecycle',
    '--log.format=json',
  ];
  await using stack = new AsyncDisposableStack();
  const running = stack.use(program(process.execPath, ['--inspect=127.0.0.1:0', main, ...flags], { env }));
  const [, inspectorUrl = ''] = await running.says(/Debugger listening on (ws:\S+)/);
  const [, port] = await running.says(/"port":(\d+).*"msg":"listening"/);
  let closedConnections = 0;
  stack.move();
  return {
    program: running,
    closedConnections: () => closedConnections,
    async ask(path, more = {}) {
      const options = { host: '127.0.0.1', port: Number(port), path, ca, ...more };
      try {
        return await ask(options);
      } catch (error) {
        if (!isClosed(error)) throw error;
        closedConnections += 1;
        return await ask(options);
      }
    },
    residentBytes: () => residentBytes(running),
    async usage() {
      const heaps = await readThreadUsage(inspectorUrl);
      const [descriptors, threads] = await Promise.all(
        ['fd', 'task'].map(async (folder) => (await readdir(`/proc/${running.pid}/${folder}`)).length),
      );
      return {
        heaps,
        descriptors: descriptors ?? 0,
        threads: threads ?? 0,
        residentBytes: await residentBytes(running),
      };
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

function ask(options: RequestOptions): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request({ agent: false, ...options }, (response) => {
      const { statusCode: status = 0, headers, socket } = response;
      const serial = socket instanceof TLSSocket ? socket.getPeerCertificate().serialNumber : '';
      const body = headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
      text(body).then((whole) => resolve({ status, body: whole, serial }), reject);
    });
    asked.on('error', reject).end();
  });
}
