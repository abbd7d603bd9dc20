import { connect, type Socket } from 'node:net';

/** A raw TCP client of a WebSocket server: records every byte after the upgrade, and sends whatever it likes. */
export class Wiretap implements AsyncDisposable {
  readonly socket: Socket;
  ended = false;
  #received = Buffer.alloc(0);
  #looking: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
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
    await tap.#until(() => tap.#received.includes('\r\n\r\n'));
    tap.#received = tap.#received.subarray(tap.#received.indexOf('\r\n\r\n') + 4);
    return tap;
  }

  /** Whole frames received so far, header and payload, without pings and pongs. */
  get frames(): readonly Buffer[] {
    const bytes = this.#received;
    const frames: Buffer[] = [];
    for (let at = 0; at + 2 <= bytes.length;) {
      const short = bytes.readUInt8(at + 1);
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + header > bytes.length) break;
      const length =
        short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
      if (at + header + length > bytes.length) break;
      if ((bytes.readUInt8(at) & 8) === 0) frames.push(bytes.subarray(at, at + header + length));
      at += header + length;
    }
    return frames;
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
