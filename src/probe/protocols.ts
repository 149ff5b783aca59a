import type { Scheme } from '../target/scheme.ts';
import { prepareHttpProbe } from './http-probe.ts';
import type { Protocol } from './run.ts';

/** How the URLs of each scheme are probed. */
export const PROTOCOLS: Readonly<Record<Scheme, Protocol>> = {
  'http:': prepareHttpProbe,
  'https:': prepareHttpProbe,
};
