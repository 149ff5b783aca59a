import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { event } from './until.ts';

/** Opens a connection to the loopback that can be written to as one likes. */
export async function rawConnection(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await event(socket, 'connect');
  return socket;
}

/** Sends these bytes and returns all that comes back until the server closes the connection. */
export async function rawExchange(port: number, bytes: string): Promise<string> {
  const socket = await rawConnection(port);
  socket.write(bytes, 'latin1');
  return text(socket);
}
