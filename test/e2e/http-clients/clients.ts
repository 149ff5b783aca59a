import { execFile } from 'node:child_process';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readBytes, readEnd, startReading } from '../../../src/probe/http1/response.ts';
import type { Case } from './cases.ts';

/** What a client makes of a response: its status and the size of its body, or nothing where it refuses it. */
export type Seen = { readonly status: number; readonly bytes: number } | undefined;

/** A client: what it makes of the responses at `base`/0 and on. */
export type Client = (base: string, cases: readonly Case[]) => Promise<readonly Seen[]>;

const run = promisify(execFile);
const OUTPUT = { maxBuffer: 64 * 1024 * 1024 };

/** Our own parser, which needs no server. */
export const ours: Client = async (_, cases) =>
  cases.map(({ bytes }) => {
    const reading = startReading({ method: 'GET', maxBodyBytes: 1_000_000, keepsBody: false });
    readBytes(reading, bytes, 0);
    readEnd(reading);
    const { state, status, bodyBytes } = reading;
    return state === 'complete' ? { status, bytes: bodyBytes } : undefined;
  });

/** Node's own client. */
export const node: Client = async (base, cases) => {
  const seen: Seen[] = [];
  for (const index of cases.keys()) seen.push(await nodeFetch(`${base}/${index}`));
  return seen;
};

function nodeFetch(url: string): Promise<Seen> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes }));
      response.on('error', () => resolve(undefined));
    });
    request.on('error', () => resolve(undefined));
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(undefined);
    });
  });
}

/** curl. */
export const curl: Client = async (base, cases) => {
  const seen: Seen[] = [];
  // After some errors it leaves out the URLs that follow.
  while (seen.length < cases.length) seen.push(...(await curlFrom(seen.length, base, cases.length)));
  return seen;
};

async function curlFrom(first: number, base: string, count: number): Promise<readonly Seen[]> {
  const format = '%{exitcode} %{http_code} %{size_download}\\n';
  const url = `${base}/[${first}-${count - 1}]`;
  const args = ['--silent', '--output', '/dev/null', '--max-time', '20', '--write-out', format, url];
  // Its exit code is that of the last response.
  const { stdout } = await run('curl', args, OUTPUT).catch((error: { stdout: string }) => error);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [code, status, bytes] = line.split(' ').map(Number);
      return code === 0 ? { status: status ?? 0, bytes: bytes ?? 0 } : undefined;
    });
}

/** Go's net/http. */
export const go: Client = async (base, cases) => {
  const folder = fileURLToPath(new URL('go', import.meta.url));
  const { stdout } = await run('go', ['run', '.', base, String(cases.length)], { ...OUTPUT, cwd: folder });
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const { status, bytes, error }: { status: number; bytes: number; error?: string } = JSON.parse(line);
      return error === undefined ? { status, bytes } : undefined;
    });
};
