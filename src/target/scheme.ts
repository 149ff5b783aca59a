/** The schemes that the URL of a target may have: the port of each, and whether it means TLS. */
export const SCHEMES = {
  'http:': { port: 80, isTls: false },
  'https:': { port: 443, isTls: true },
} as const;

export type Scheme = keyof typeof SCHEMES;

/** The scheme of a URL, if it is one that can be probed. */
export function schemeOf(url: string): Scheme | undefined {
  const text = url.slice(0, url.indexOf(':') + 1).toLowerCase();
  return isScheme(text) ? text : undefined;
}

/** Whether a URL is reached over TLS. */
export function usesTls(url: string): boolean {
  const scheme = schemeOf(url);
  return scheme !== undefined && SCHEMES[scheme].isTls;
}

/** The host of a URL, an IPv6 address without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** The port of a URL, that of its scheme if it names none. */
export function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return isScheme(protocol) ? SCHEMES[protocol].port : 0;
}

function isScheme(text: string): text is Scheme {
  return Object.hasOwn(SCHEMES, text);
}
