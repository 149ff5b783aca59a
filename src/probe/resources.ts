import type { AddressPolicy, OAuth2, Target, TlsSettings } from '../target/target.ts';
import { DenyList } from './connect/deny-list.ts';
import { makeTlsContexts, type TlsContexts } from './connect/tls-context.ts';
import { ContentCache } from './content-cache.ts';
import { SharedToken } from './credentials/shared-token.ts';
import { Matching } from './expect/matching.ts';

/** What the probes of one thread share; a reload that changes nothing keeps all of it. */
export class ProbeResources {
  readonly denyLists = new ContentCache<AddressPolicy, DenyList>((policy) => new DenyList(policy));
  readonly tlsContexts = new ContentCache<TlsSettings, TlsContexts>(makeTlsContexts);
  readonly tokens = new ContentCache<OAuth2, SharedToken>(() => new SharedToken());
  readonly matching = new Matching();

  /** Forgets what none of these targets uses. */
  keep(targets: readonly Target[]): void {
    const clients = targets.flatMap(({ credentials }) =>
      credentials?.kind === 'oauth2' ? [credentials] : [],
    );
    this.denyLists.keep(targets.map(({ addresses }) => addresses));
    this.tlsContexts.keep([...targets, ...clients].map(({ tls }) => tls));
    this.tokens.keep(clients);
    this.matching.keep(targets.map(({ key }) => key));
  }
}
