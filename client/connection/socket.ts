import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { Address, Message } from '../feeds/feed.ts';

/** What a socket tells, each only until it is dropped. */
export interface SocketListener {
  opened(): void;
  /** The upgrade was answered with something else. */
  refused(status: number, retryAfter: string | undefined, body: string): void;
  message(frame: Buffer): void;
  pong(): void;
  /** Comes last, and always, unless it is dropped. Code 1006: without a goodbye. */
  closed(code: number, reason: string): void;
  failed(message: string): void;
}

export interface SocketLimits {
  /** Bytes. */
  readonly largestMessage: number;
  readonly compression: boolean;
}

/** How much of a refusal is read, in bytes. */
const mostBody = 4096;

/** One WebSocket that is dialled at once. Once dropped it says nothing more, so that a new one can take its place. */
export class Socket {
  readonly #socket: WebSocket;
  #isDropped = false;

  /** Throws a SyntaxError when the address is none. */
  constructor({ url, headers }: Address, { largestMessage, compression }: SocketLimits, listener: SocketListener) {
    const socket = new WebSocket(url, {
      headers,
      maxPayload: largestMessage,
      perMessageDeflate: compression,
      // Whoever reads the frame checks it; text that is none must not end the connection.
      skipUTF8Validation: true,
    });
    this.#socket = socket;
    const told = (tell: () => void): void => {
      if (!this.#isDropped) tell();
    };
    socket.on('open', () => told(() => listener.opened()));
    socket.on('message', (data) => {
      if (!this.#isDropped && Buffer.isBuffer(data)) listener.message(data);
    });
    socket.on('pong', () => told(() => listener.pong()));
    socket.on('close', (code, reason) => told(() => listener.closed(code, reason.toString())));
    // Its close follows. It must be heard even after a drop: Node ends a process for an error that nobody hears.
    socket.on('error', (error) => told(() => listener.failed(error.message)));
    socket.on('unexpected-response', (_, response) => {
      void bodyOf(response).then((body) =>
        told(() => listener.refused(response.statusCode ?? 0, response.headers['retry-after'], body)),
      );
    });
  }

  send(message: Message): void {
    // What cannot be sent any more is told by the close.
    this.#socket.send(message, () => undefined);
  }
  ping(): void {
    this.#socket.ping(undefined, undefined, () => undefined);
  }
  pause(): void {
    this.#socket.pause();
  }
  resume(): void {
    this.#socket.resume();
  }

  /** Says goodbye and waits for the other end's. */
  close(): void {
    this.#socket.close(1000);
  }

  /** Says goodbye, so that no ghost of it keeps a place at the vendor, and is gone. */
  drop(): void {
    this.#isDropped = true;
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close(1000);
    this.#socket.terminate();
  }
}

/** The beginning of an answer; what breaks off is what there is. */
async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      size += chunk.length;
      if (size >= mostBody) break;
    }
  } catch {
    // The status says enough.
  }
  response.destroy();
  return Buffer.concat(chunks).subarray(0, mostBody).toString();
}
