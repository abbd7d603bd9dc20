import { connect, type Socket } from 'node:net';
import { z } from 'zod';
import { endOfHead, maskedFrame, upgradeRequest, wholeFrames } from './raw-frames.ts';

const opcodes: Readonly<Record<number, 'text' | 'binary' | 'close' | 'ping' | 'pong'>> = {
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};
const elements = z.array(z.record(z.string(), z.unknown()));

/** One frame of the server: unmasked, uncompressed, whole. */
export interface RawFrame {
  readonly kind: 'text' | 'binary' | 'close' | 'ping' | 'pong' | 'other';
  readonly payload: Buffer;
}

/** How a connection ended, as TCP tells it: in order, or with a reset. */
export type RawEnd = 'fin' | 'reset';

/**
 * A client that is nothing but a TCP socket: it writes its upgrade by hand, keeps every byte that comes, and knows how the connection
 * ended. It waits for what is received, never for time.
 */
export class RawClient implements AsyncDisposable {
  readonly socket: Socket;
  /** Head of the answer to the upgrade. */
  head = '';
  /** Every byte after the head, as it came. */
  received = Buffer.alloc(0);
  /** Whole frames among them. */
  readonly frames: RawFrame[] = [];
  end: RawEnd | undefined;
  #read = 0;
  readonly #looking = new Set<() => void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
      if (this.head === '') this.#behead();
      if (this.head !== '') this.#cut();
      this.#look();
    });
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNRESET') this.end = 'reset';
    });
    socket.on('close', () => {
      this.end ??= 'fin';
      this.#look();
    });
  }

  /** Connects and asks for an upgrade; does not wait for the answer. */
  static async knock(url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const client = new RawClient(socket);
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    socket.write(upgradeRequest(url, headers));
    return client;
  }

  /** Connects, and waits for the answer to the upgrade, whatever it is. */
  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawClient> {
    const client = await RawClient.knock(url, headers);
    await client.answered();
    return client;
  }

  /** Connects to one of Alpaca's data streams, logs in and subscribes to the trades of these symbols. */
  static async trades(url: string, key: string, symbols: readonly string[] = ['*']): Promise<RawClient> {
    const client = await RawClient.open(url);
    client.say({ action: 'auth', key, secret: 's' });
    client.say({ action: 'subscribe', trades: symbols });
    await client.heard(3);
    return client;
  }

  /** HTTP status of the answer to the upgrade: 101 is let in. */
  get status(): number {
    return Number(this.head.split(' ')[1] ?? 0);
  }

  /** Texts of its data frames. */
  get texts(): readonly string[] {
    return this.frames.filter(({ kind }) => kind === 'text').map(({ payload }) => payload.toString());
  }

  /** What its data frames hold, where they are arrays of objects. */
  get elements(): readonly Readonly<Record<string, unknown>>[] {
    return this.texts.flatMap((text) => elements.parse(JSON.parse(text)));
  }

  /** Ids of the trades it has heard, as Alpaca spells them. */
  get ids(): readonly unknown[] {
    return this.elements.filter(({ T }) => T === 't').map(({ i }) => i);
  }

  /** Code and reason of the Close frame; absent without one, when a client sees 1006. */
  get farewell(): { readonly code: number; readonly reason: string } | undefined {
    const payload = this.frames.find(({ kind }) => kind === 'close')?.payload;
    return payload && { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() };
  }

  say(message: object): void {
    this.socket.write(maskedFrame(0x81, Buffer.from(JSON.stringify(message))));
  }

  ping(payload = ''): void {
    this.socket.write(maskedFrame(0x89, Buffer.from(payload)));
  }

  /** Everything that was sent before has been heard: the pong comes after it. */
  async settled(): Promise<void> {
    const pongs = this.frames.filter(({ kind }) => kind === 'pong').length;
    this.ping();
    await this.until(() => this.frames.filter(({ kind }) => kind === 'pong').length > pongs);
  }

  async answered(): Promise<void> {
    await this.until(() => this.head !== '');
  }

  async heard(frames: number): Promise<void> {
    await this.until(() => this.frames.length >= frames);
  }

  async ended(): Promise<RawEnd> {
    await this.until(() => false);
    return this.end ?? 'fin';
  }

  /** Resolves when it is so, or the connection has ended. */
  async until(met: () => boolean): Promise<void> {
    while (!met() && this.end === undefined) await new Promise<void>((resolve) => this.#looking.add(resolve));
  }

  #behead(): void {
    const at = this.received.indexOf(endOfHead);
    if (at < 0) return;
    this.head = this.received.subarray(0, at).toString();
    this.received = this.received.subarray(at + endOfHead.length);
  }

  #cut(): void {
    if (this.status !== 101) return;
    for (const { opcode, payload, to } of wholeFrames(this.received, this.#read)) {
      this.frames.push({ kind: opcodes[opcode] ?? 'other', payload: this.received.subarray(payload, to) });
      this.#read = to;
    }
  }

  #look(): void {
    for (const look of this.#looking) look();
    this.#looking.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.ended();
  }
}
