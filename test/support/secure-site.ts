import type { TlsOptions } from 'node:tls';
import { type Certificate, type CertificateRequest, certificateAuthority, issue } from './certificates.ts';
import { type Handler, ok } from './http-server.ts';
import type { Loopback } from './listen.ts';
import { tempFolder } from './temp-folder.ts';
import { type TlsServer, tlsServer } from './tls-server.ts';

/** An HTTPS server whose certificate a root of its own has issued; client certificates must be of that root too. */
export type SecureSite = AsyncDisposable & {
  readonly root: Certificate;
  readonly server: TlsServer;
  /** Settings that trust the site's root. */
  readonly tls: { readonly caFile: string };
  file(name: string, content: string): Promise<string>;
};

/** What is odd about a site. */
export type SiteOptions = TlsOptions & {
  readonly leaf?: CertificateRequest;
  readonly handler?: Handler;
  readonly host?: Loopback;
};

/** Starts an HTTPS server that a target can be made to trust. */
export async function secureSite({ leaf, handler = ok, ...options }: SiteOptions = {}): Promise<SecureSite> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await tempFolder());
  const root = await certificateAuthority();
  const certificate = await issue({ by: root, ...leaf });
  const server = stack.use(await tlsServer(certificate, handler, { ca: root.certPem, ...options }));
  const caFile = await folder.write('ca.pem', root.certPem);
  const kept = stack.move();
  return {
    root,
    server,
    tls: { caFile },
    file: (name, content) => folder.write(name, content),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Files of a client's certificate that the site accepts. */
export async function identity({ root, file }: SecureSite, commonName = 'Test Client') {
  const { certPem, keyPem } = await issue({ by: root, commonName });
  return { certFile: await file('cert.pem', certPem), keyFile: await file('key.pem', keyPem) };
}
