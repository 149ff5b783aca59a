import { SCHEMES, schemeOf } from './scheme.ts';

/** The targets when nothing else names any. */
export const DEFAULT_URLS: readonly string[] = ['https://httpstat.us/503', 'https://httpstat.us/200'];

/** What is wrong with a URL as a target; undefined if nothing is. Hosts are checked by the WHATWG rules. */
export function urlFault(text: string): string | undefined {
  if (/[\s\p{Cc}]/u.test(text)) return `holds white space or a control character (${EXAMPLE})`;
  const url = URL.parse(text);
  if (url === null || schemeOf(text) === undefined || !/^[^:]*:\/\//.test(text)) {
    return `is not an ${Object.keys(SCHEMES).join(' or ').replaceAll(':', '')} URL (${EXAMPLE})`;
  }
  if (url.username !== '' || url.password !== '' || /^[^:]*:\/\/[^/?#\\]*@/.test(text)) {
    return 'holds a user name or password (none in a URL; basic_auth of the config file)';
  }
  return undefined;
}

const EXAMPLE = 'such as https://example.com/health';

/** A text as messages show it: what may be the password of a URL is hidden, also where the host is missing. */
export function withoutPassword(text: string): string {
  return text
    .replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1<secret>@')
    .replace(/^([a-z][a-z\d+.-]*:\/\/[^/?#:@[]*:)(?!\d*(?:[/?#]|$)).*/is, '$1<secret>');
}
