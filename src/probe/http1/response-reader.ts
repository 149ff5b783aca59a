import { nowMs } from '../../runtime/clock.ts';
import { failureOf, type NetworkError } from '../failure.ts';
import type { Wire } from '../wire.ts';
import type { Reading, ReadingOptions } from './reading.ts';
import { isOver, readBytes, readEnd, startReading } from './response.ts';

/** Reads the response that arrives on a connection. */
export class ResponseReader {
  readonly reading: Reading;
  #onChange = () => {};

  /** `onRest` gets the bytes that follow the response in the packet of its end. */
  constructor({ socket, inlet }: Wire, options: ReadingOptions, onRest?: (rest: Buffer) => void) {
    this.reading = startReading(options);
    socket.on('error', (error) => this.#break(error));
    socket.once('end', () => this.#end());
    socket.once('close', () => this.#end());
    inlet.read((bytes) => {
      const used = readBytes(this.reading, bytes, nowMs());
      this.#onChange();
      if (used < bytes.length) onRest?.(Buffer.from(bytes.subarray(used)));
    });
    if (socket.destroyed) this.#end();
  }

  /** Calls back at once and after each change; replaces the previous callback. */
  watch(onChange: (reading: Reading) => void): void {
    this.#onChange = () => onChange(this.reading);
    this.#onChange();
  }

  #end(): void {
    readEnd(this.reading);
    this.#onChange();
  }

  // Nothing else shows whether a body without a length ended or broke off.
  #break(error: NetworkError): void {
    const { reading } = this;
    if (isOver(reading)) return;
    reading.state = 'failed';
    reading.failure = failureOf(error, 'exchange');
    this.#onChange();
  }
}
