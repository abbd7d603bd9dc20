import { connect, type Socket } from 'node:net';

const endOfHead = '\r\n\r\n';

/** A raw TCP client of a WebSocket server: records every byte after the upgrade, and sends whatever it likes. */
export class Wiretap implements AsyncDisposable {
  readonly socket: Socket;
  /** Whole frames received so far, header and payload, without pings and pongs. */
  readonly frames: Buffer[] = [];
  ended = false;
  #upgraded = false;
  /** What came after the last whole frame. */
  #rest = Buffer.alloc(0);
  #looking: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      if (this.#upgraded) this.#cut();
      this.#looking();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.ended = true;
      this.#looking();
    });
  }

  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Wiretap> {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    const tap = new Wiretap(socket);
    const lines = {
      Host: `${hostname}:${port}`,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    };
    const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${pathname} HTTP/1.1\r\n${text.join('')}\r\n`);
    await tap.#until(() => tap.#rest.includes(endOfHead));
    tap.#rest = tap.#rest.subarray(tap.#rest.indexOf(endOfHead) + endOfHead.length);
    tap.#upgraded = true;
    tap.#cut();
    return tap;
  }

  /** Sends one masked text frame. */
  say(message: object): void {
    this.socket.write(maskedFrame(0x81, Buffer.from(JSON.stringify(message))));
  }

  async heard(frames: number): Promise<void> {
    await this.#until(() => this.frames.length >= frames);
  }

  async end(): Promise<void> {
    await this.#until(() => this.ended);
  }

  #cut(): void {
    const bytes = this.#rest;
    let at = 0;
    while (at + 2 <= bytes.length) {
      const short = bytes.readUInt8(at + 1);
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + header > bytes.length) break;
      const length =
        short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
      if (at + header + length > bytes.length) break;
      if ((bytes.readUInt8(at) & 8) === 0) this.frames.push(bytes.subarray(at, at + header + length));
      at += header + length;
    }
    this.#rest = bytes.subarray(at);
  }

  async #until(met: () => boolean): Promise<void> {
    while (!met() && !this.ended) await new Promise<void>((resolve) => (this.#looking = resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.end();
  }
}

/** A client's frame with a mask of zeros. */
export function maskedFrame(head: number, payload: Buffer): Buffer {
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([Buffer.from([head]), length, Buffer.alloc(4), payload]);
}
