import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import type { Address } from '../dns/address.ts';
import { Inlet, type Wire } from '../wire.ts';

/** A connection that is prepared but not begun: the time to prepare it is ours, not the target's. */
export type Attempt<S extends Socket = Socket> = Wire<S> & {
  /** Begins to connect. */
  readonly begin: (address: Address) => void;
};

/** Makes a connection to a port of an address that is known later. */
export type MakeAttempt<S extends Socket = Socket> = (port: number) => Attempt<S>;

/** What a TLS connection is made with. */
export type TlsOptions = { readonly name: string; readonly secureContext: SecureContext };

// Never looked up: Node asks `lookup` for any host that is no address, and waits for what it calls back.
const UNKNOWN_HOST = 'address-to-come';

/** Makes a TCP connection. */
export function makeTcpAttempt(port: number): Attempt {
  return makeAttempt((inlet, lookup) =>
    connect({
      host: UNKNOWN_HOST,
      port,
      lookup,
      autoSelectFamily: false,
      noDelay: true,
      onread: inlet.onread,
    }),
  );
}

/** Makes a TCP connection that does a TLS handshake as soon as it is open. */
export function makeTlsAttempt(port: number, options: TlsOptions): Attempt<TLSSocket> {
  return makeAttempt((inlet, lookup) => {
    const { onread } = inlet;
    const tcp = { host: UNKNOWN_HOST, port, lookup, autoSelectFamily: false, onread };
    // Node ignores the option `noDelay` here. Without it a request may wait for the acknowledgement of the handshake.
    return withoutNameCheck(connectTls({ ...tlsOptions(options), ...tcp })).setNoDelay();
  });
}

/** Begins a TLS handshake over a connection that is open. */
export function wrapInTls(below: Socket, options: TlsOptions): Wire<TLSSocket> {
  const inlet = new Inlet();
  const socket = withoutNameCheck(connectTls({ ...tlsOptions(options), socket: below }));
  // Node ignores `onread` here.
  inlet.bind(socket);
  return { socket, inlet };
}

function makeAttempt<S extends Socket>(make: (inlet: Inlet, lookup: LookupFunction) => S): Attempt<S> {
  const inlet = new Inlet();
  let connectTo: Parameters<LookupFunction>[2] | undefined;
  const socket = make(inlet, (_host, _options, found) => {
    connectTo = found;
  });
  inlet.attach(socket);
  return { socket, inlet, begin: ({ ip, family }) => connectTo?.(null, ip, family) };
}

function tlsOptions({ name, secureContext }: TlsOptions): ConnectionOptions {
  return {
    // Neither an address nor the dot at the end of a name may be sent (RFC 6066, 3).
    servername: isIP(name) === 0 ? name.replace(/\.$/, '') : '',
    secureContext,
    ALPNProtocols: ['http/1.1'],
    // We check the certificate ourselves afterwards, so that the expiry of a bad one can be read.
    rejectUnauthorized: false,
  };
}

// Node then skips its check of the name, which is slow since it makes objects of the whole chain; certificateFailure
// checks the name instead. Whether the chain is trusted Node still checks. See onConnectSecure in
// https://github.com/nodejs/node/blob/v24.x/lib/internal/tls/wrap.js
function withoutNameCheck(socket: TLSSocket): TLSSocket {
  socket.isSessionReused = () => true;
  return socket;
}
