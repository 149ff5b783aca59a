import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { decode } from 'dns-packet';
import { type DnsHandler, type Query, type Reply, replyBytes } from './dns-reply.ts';
import { type Listening, listen } from './listen.ts';

/** A name server over UDP and TCP, on one port of 127.0.0.1. */
export type DnsServer = AsyncDisposable & {
  /** `ADDRESS:PORT`, as settings take it. */
  readonly address: string;
  readonly queries: readonly Query[];
};

/** Starts a name server that answers as the handler says. */
export async function dnsServer(handler: DnsHandler): Promise<DnsServer> {
  const queries: Query[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const answer: AnswerTo = (bytes, transport, send) => {
    const packet = decode(bytes);
    const [question] = packet.questions ?? [];
    if (question === undefined) return;
    const query = { name: question.name, type: question.type, transport };
    queries.push(query);
    for (const reply of [handler(query)].flat()) {
      const sendReply = () => send(replyBytes(packet, question, reply, transport), reply);
      if (reply.delayMs === undefined) sendReply();
      else timers.add(setTimeout(sendReply, reply.delayMs));
    }
  };
  const { tcp, udp } = await samePort((socket) => serveTcp(socket, answer));
  const stranger = createSocket('udp4');
  stranger.bind(0, '127.0.0.1');
  await once(stranger, 'listening');
  udp.on('message', (bytes, { port, address }) => {
    answer(bytes, 'udp', (sent, { forged }) =>
      (forged === 'port' ? stranger : udp).send(sent, port, address),
    );
  });
  return {
    address: tcp.authority,
    queries,
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      udp.close();
      stranger.close();
      await tcp[Symbol.asyncDispose]();
    },
  };
}

type Send = (bytes: Buffer, reply: Reply) => void;
type AnswerTo = (bytes: Buffer, transport: Query['transport'], send: Send) => void;

// RFC 1035, 4.2.2: each message follows its length in two bytes.
function serveTcp(socket: Socket, answer: AnswerTo): void {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE()) {
      const end = 2 + received.readUInt16BE();
      answer(received.subarray(2, end), 'tcp', (bytes) => {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(bytes.length);
        socket.write(Buffer.concat([length, bytes]));
      });
      received = received.subarray(end);
    }
  });
}

const ATTEMPTS = 20;

// The port that TCP is given may be taken for UDP.
async function samePort(accept: (socket: Socket) => void): Promise<{ tcp: Listening; udp: UdpSocket }> {
  for (let attempt = 1; ; attempt += 1) {
    const tcp = await listen(createServer(accept));
    const udp = createSocket('udp4');
    try {
      udp.bind(tcp.port, '127.0.0.1');
      await once(udp, 'listening');
      return { tcp, udp };
    } catch (cause) {
      udp.close();
      await tcp[Symbol.asyncDispose]();
      if (attempt === ATTEMPTS) throw new Error('no port is free for both UDP and TCP', { cause });
    }
  }
}
