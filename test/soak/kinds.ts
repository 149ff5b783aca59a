import type { Kind } from './kind.ts';
import { PLAIN_KINDS } from './plain-kinds.ts';
import { TLS_KINDS } from './tls-kinds.ts';
import { UNREACHED_KINDS } from './unreached-kinds.ts';

/** Every kind of target. */
export const KINDS: readonly Kind[] = [...PLAIN_KINDS, ...TLS_KINDS, ...UNREACHED_KINDS];
