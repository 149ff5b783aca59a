import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer } from 'node:tls';
import type { Certificate } from './certificates.ts';
import { type Listening, listen } from './listen.ts';

/** Speaks TLS in front of a server on 127.0.0.1 that does not: what comes is handed on as it is. */
export function tlsFront({ chainPem, keyPem }: Certificate, port: number): Promise<Listening> {
  const server = createServer({ cert: chainPem, key: keyPem }, (client) => {
    const behind = connect(port, '127.0.0.1');
    // The ends are known by `close`; a reset on either side is the other's end.
    pipeline(client, behind, client, () => behind.destroy());
  });
  return listen(server);
}
