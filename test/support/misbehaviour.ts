import { BODIES } from './misbehaviour/bodies.ts';
import { CONNECTIONS } from './misbehaviour/connections.ts';
import { HEADS } from './misbehaviour/heads.ts';
import type { Misbehaviour } from './misbehaviour/kind.ts';
import { NAMES } from './misbehaviour/names.ts';
import { REDIRECTS } from './misbehaviour/redirects.ts';
import { TLS } from './misbehaviour/tls.ts';

/** The timeout that the kinds are made for. */
export const TIMEOUT_MS = 3000;

/** Every kind of misbehaving server, and a few odd ones that are well. */
export const MISBEHAVIOURS: readonly Misbehaviour[] = [
  ...NAMES,
  ...CONNECTIONS,
  ...TLS,
  ...HEADS,
  ...BODIES,
  ...REDIRECTS,
];
