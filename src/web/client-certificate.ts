import type { TLSSocket } from 'node:tls';
import type { WebTls } from '../config/web/tls.ts';

/** Whether a client is accepted, by its certificate or the lack of one. */
export function isAdmitted(
  socket: Pick<TLSSocket, 'authorized' | 'getPeerX509Certificate'>,
  { clientAuth, clientAllowedSans }: Pick<WebTls, 'clientAuth' | 'clientAllowedSans'>,
): boolean {
  const names = alternativeNames(socket.getPeerX509Certificate()?.subjectAltName ?? '');
  const hasCertificate = socket.getPeerX509Certificate() !== undefined;
  const hasName = clientAllowedSans.length === 0 || clientAllowedSans.some((name) => names.includes(name));
  return hasName && isAccepted[clientAuth](hasCertificate, socket.authorized);
}

const isAccepted: Readonly<
  Record<WebTls['clientAuth'], (hasCertificate: boolean, isVerified: boolean) => boolean>
> = {
  NoClientCert: () => true,
  RequestClientCert: () => true,
  RequireAnyClientCert: (hasCertificate) => hasCertificate,
  VerifyClientCertIfGiven: (hasCertificate, isVerified) => isVerified || !hasCertificate,
  RequireAndVerifyClientCert: (hasCertificate, isVerified) => hasCertificate && isVerified,
};

const NAME = /(?:DNS|email|IP Address|URI):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/gy;

/** The names in Node.js' text of the extension, which has ambiguous ones in quotes, as JSON. */
export function alternativeNames(text: string): readonly string[] {
  return [...text.matchAll(NAME)].flatMap(([, name = '']) => {
    if (!name.startsWith('"')) return [name];
    const value: unknown = JSON.parse(name);
    return typeof value === 'string' ? [value] : [];
  });
}
