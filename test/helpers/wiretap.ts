import { connect, type Socket } from 'node:net';
import { endOfHead, maskedFrame, upgradeRequest, wholeFrames } from './raw-frames.ts';

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
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const tap = new Wiretap(socket);
    socket.write(upgradeRequest(url, headers));
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
    let read = 0;
    for (const { opcode, from, to } of wholeFrames(bytes)) {
      const isData = (opcode & 8) === 0;
      if (isData) this.frames.push(bytes.subarray(from, to));
      read = to;
    }
    this.#rest = bytes.subarray(read);
  }

  async #until(met: () => boolean): Promise<void> {
    while (!met() && !this.ended) await new Promise<void>((resolve) => (this.#looking = resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.end();
  }
}
