import { connect, createServer } from 'node:net';
import { type Listening, listen } from './listen.ts';

/** The key exchange of a ClientHello by the numbers of the groups (RFC 8446, 4.2.7 and 4.2.8). */
export type KeyExchange = { readonly groups: readonly number[]; readonly shares: readonly number[] };

/** A relay to a TLS server that remembers the first ClientHello of each connection. */
export type HelloRelay = Listening & { readonly hellos: readonly KeyExchange[] };

/** Starts a relay to a port of the loopback. */
export async function helloRelay(port: number): Promise<HelloRelay> {
  const hellos: KeyExchange[] = [];
  const server = createServer((client) => {
    let seen = Buffer.alloc(0);
    let isRead = false;
    const upstream = connect(port, '127.0.0.1');
    client.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      if (isRead || seen.length < 5 || seen.length < 5 + seen.readUInt16BE(3)) return;
      isRead = true;
      hellos.push(keyExchangeOf(seen.subarray(5)));
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      socket.on('error', () => {
        client.destroy();
        upstream.destroy();
      });
    }
  });
  return { ...(await listen(server)), hellos };
}

// RFC 8446, 4.1.2: type, length, version, random, session id, cipher suites, compression methods, extensions.
function keyExchangeOf(hello: Buffer): KeyExchange {
  let at = 4 + 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  const end = at + 2 + hello.readUInt16BE(at);
  at += 2;
  const extensions = new Map<number, Buffer>();
  while (at < end) {
    const length = hello.readUInt16BE(at + 2);
    extensions.set(hello.readUInt16BE(at), hello.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { groups: groupsOf(extensions.get(10)), shares: sharesOf(extensions.get(51)) };
}

function groupsOf(extension: Buffer = Buffer.alloc(2)): readonly number[] {
  const count = extension.readUInt16BE(0) / 2;
  return Array.from({ length: count }, (_, index) => extension.readUInt16BE(2 + 2 * index));
}

function sharesOf(extension: Buffer = Buffer.alloc(2)): readonly number[] {
  const shares: number[] = [];
  for (let at = 2; at < extension.length; at += 4 + extension.readUInt16BE(at + 2)) {
    shares.push(extension.readUInt16BE(at));
  }
  return shares;
}
