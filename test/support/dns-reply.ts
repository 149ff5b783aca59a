import { isIP } from 'node:net';
import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  encode,
  type Question,
  RECURSION_AVAILABLE,
  TRUNCATED_RESPONSE,
} from 'dns-packet';

/** A question to a name server. */
export type Query = {
  /** As it was sent, in upper and lower case. */
  readonly name: string;
  /** Such as `A` or `AAAA`. */
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
};

/** One message of the server; without anything else it says that the name exists and has no such record. */
export type Reply = {
  readonly answers?: readonly Answer[];
  readonly rcode?: keyof typeof RCODES;
  /** Sends no answers but the sign to ask again over TCP. */
  readonly truncated?: boolean;
  readonly delayMs?: number;
  /** What makes the message one that a resolver must not believe: another id, another question, another sender. */
  readonly forged?: 'id' | 'question' | 'port';
};

/** Says what a query is answered with: one message, several one after the other, or none at all. */
export type DnsHandler = (query: Query) => Reply | readonly Reply[];

const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

/** Never answers. */
export function silence(): readonly Reply[] {
  return [];
}

/** A record that leads from a name to an address. */
export function addressRecord(name: string, address: string): Answer {
  return { name, type: isIP(address) === 6 ? 'AAAA' : 'A', ttl: 60, data: address };
}

/** Answers from a table: a list holds the addresses of a name, a string the name it is an alias of; others do not exist. */
export function zone(names: Readonly<Record<string, string | readonly string[]>>): DnsHandler {
  return ({ name, type }) => {
    const answers: Answer[] = [];
    let owner = name;
    let entry = names[owner.toLowerCase()];
    while (typeof entry === 'string') {
      answers.push({ name: owner, type: 'CNAME', ttl: 60, data: entry });
      owner = entry;
      entry = names[owner];
    }
    if (entry === undefined) return { rcode: 'NXDOMAIN', answers };
    const records = entry.map((address) => addressRecord(owner, address));
    return { answers: [...answers, ...records.filter((record) => record.type === type)] };
  };
}

/** The bytes of a reply to a packet with one question; over TCP nothing is truncated. */
export function replyBytes(
  asked: DecodedPacket,
  question: Question,
  reply: Reply,
  transport: Query['transport'],
): Buffer {
  const { answers = [], rcode = 'NOERROR', forged } = reply;
  const truncated = reply.truncated === true && transport === 'udp';
  const id = asked.id ?? 0;
  return encode({
    type: 'response',
    id: forged === 'id' ? id ^ 1 : id,
    flags: AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | RCODES[rcode] | (truncated ? TRUNCATED_RESPONSE : 0),
    questions: [forged === 'question' ? { ...question, name: 'another.test' } : question],
    answers: truncated ? [] : [...answers],
  });
}
