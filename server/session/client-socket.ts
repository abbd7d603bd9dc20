import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Clock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import type { Cargo, LineListener, Line } from './line.ts';
import { resetSocket } from '../http/reset-socket.ts';

/** How long a socket that is hung up may take to deliver what it still holds. */
const lastWords = seconds(1);
/** How `ws` reports a connection that ended without a Close frame of the client (RFC 6455 §7.1.5). */
const noCloseFrame = 1006;
const nothing = Buffer.alloc(0);

/**
 * A WebSocket that is torn down without a Close frame, its own or an answer to the client's: Alpaca's clients see 1006
 * whatever happened (sheet §2.3, measured LIVE §4.2, §8.5). Only a message too big is answered with 1009, as was reported.
 */
export class AbruptWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === 1009) super.close(code, reason);
    else this.terminate();
  }
}

/** A WebSocket whose answer to a goodbye may have to wait: nothing may come between the halves of a frame that is on its way. */
export class PatientWebSocket extends WebSocket {
  wait: (then: () => void) => void = (then) => then();

  override close(code?: number, reason?: string | Buffer): void {
    this.wait(() => super.close(code, reason));
  }
}

/** `ws` reads what the client sends; what we send goes straight to the socket, because its bytes are framed already. */
export class ClientSocket implements Line {
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #clock: Clock;
  #listener: LineListener | undefined;

  constructor(webSocket: WebSocket, socket: Duplex, clock: Clock) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#clock = clock;
  }

  listen(listener: LineListener): void {
    const isFirst = this.#listener === undefined;
    this.#listener = listener;
    if (isFirst) this.#hear();
  }

  get buffered(): number {
    return this.#socket.writableLength;
  }

  write(frames: Buffer, cargo?: Cargo): void {
    // Nothing may follow a Close frame (RFC 6455 §5.5.1), and `ws` may have sent ours in answer to the client's.
    if (this.#webSocket.readyState === WebSocket.OPEN && this.#socket.writable) this.#socket.write(frames);
    else if (cargo !== undefined) this.#listener?.undelivered?.(cargo);
  }

  onceDrained(then: () => void): void {
    // Not the `drain` event: it never comes when less waits than the socket's own high-water mark.
    if (this.#socket.writable) this.#socket.write(nothing, () => then());
  }

  hangUp(code: number | undefined): void {
    if (code !== undefined) return this.close(code, '');
    this.#socket.end();
    this.#expire();
  }

  close(code: number, reason: string): void {
    // Not the socket's own way to close: an abrupt one would only be torn down.
    WebSocket.prototype.close.call(this.#webSocket, code, reason);
    this.#expire();
  }

  drop(): void {
    this.#webSocket.terminate();
  }

  /** It never holds anything back. */
  straighten(): void {}

  deafen(deaf: boolean): void {
    if (deaf) this.#webSocket.pause();
    else this.#webSocket.resume();
  }

  reset(): void {
    resetSocket(this.#socket);
  }

  #hear(): void {
    const socket = this.#webSocket;
    socket.on('message', (data) => this.#listener?.message(asBuffer(data)));
    socket.on('ping', (payload: Buffer) => this.#listener?.ping(payload));
    socket.on('pong', () => this.#listener?.pong());
    if (socket instanceof PatientWebSocket) {
      socket.wait = (then) => (this.#listener?.farewell === undefined ? then() : this.#listener.farewell(then));
    }
    // A broken frame or a reset ends in `close` too; there is nobody to tell.
    socket.on('error', () => undefined);
    socket.once('close', (code) => this.#listener?.closed(code !== noCloseFrame));
  }

  #expire(): void {
    const cancel = this.#clock.wake(this.#clock.now() + lastWords, () => this.drop());
    this.#socket.once('close', cancel);
  }
}

function asBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
