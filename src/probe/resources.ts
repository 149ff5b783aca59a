import type { AddressPolicy, OAuth2, Target, TlsSettings } from '../target/target.ts';
import { DenyList } from './connect/deny-list.ts';
import { KeyShares } from './connect/key-share.ts';
import { makeTlsContexts, type TlsContexts } from './connect/tls-context.ts';
import { ContentCache } from './content-cache.ts';
import { SharedToken } from './credentials/shared-token.ts';
import { Matching } from './expect/matching.ts';

/** What the probes of one thread share; a reload that changes nothing keeps all of it. */
export class ProbeResources {
  readonly denyLists = new ContentCache<AddressPolicy, DenyList>((policy) => new DenyList(policy));
  readonly tlsContexts = new ContentCache<TlsSettings, TlsContexts>(makeTlsContexts);
  readonly keyShares = new KeyShares();
  readonly tokens = new ContentCache<OAuth2, SharedToken>(() => new SharedToken());
  readonly matching = new Matching();
  readonly #urls = new Map<string, URL>();

  /** The URL to request first, without its fragment, which never leaves the client (RFC 9110, 7.1). */
  urlOf(text: string): URL {
    const known = this.#urls.get(text);
    if (known !== undefined) return known;
    const url = new URL(text);
    url.hash = '';
    this.#urls.set(text, url);
    return url;
  }

  /** Forgets what none of these targets uses. */
  keep(targets: readonly Target[]): void {
    const clients = targets.flatMap(({ credentials }) =>
      credentials?.kind === 'oauth2' ? [credentials] : [],
    );
    this.denyLists.keep(targets.map(({ addresses }) => addresses));
    this.tlsContexts.keep([...targets, ...clients].map(({ tls }) => tls));
    this.tokens.keep(clients);
    const urls = new Set([...targets.map(({ url }) => url), ...clients.map(({ tokenUrl }) => tokenUrl)]);
    for (const text of this.#urls.keys()) if (!urls.has(text)) this.#urls.delete(text);
    this.matching.keep(targets.map(({ key }) => key));
  }
}
