import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probe } from '../support/probe.ts';
import { rawServer } from '../support/raw-server.ts';
import { target } from '../support/target.ts';
import { tempFolder } from '../support/temp-folder.ts';

const BODY_BYTES = 8 * 1024 * 1024;

/** Servers that respond and close the connection once so many bytes of the request have come. */
for (const readBytes of [1, 100_000, 3_000_000]) {
  test(`early response: a 413 after ${readBytes} of 8 MiB of the request is the response`, async () => {
    await using folder = await tempFolder();
    const bodyFile = await folder.write('body', 'x'.repeat(BODY_BYTES));
    await using server = await rawServer(
      (socket) => {
        let bytes = 0;
        socket.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes < readBytes || socket.writableEnded) return;
          socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig');
          socket.pause();
        });
      },
      { on: 'connection' },
    );
    for (let count = 0; count < 8; count += 1) {
      const { result, statusCode, reason } = await probe(target(server.url(), { method: 'POST', bodyFile }));
      assert.deepEqual([result, statusCode], ['unexpected_status', 413], reason);
    }
  });
}
