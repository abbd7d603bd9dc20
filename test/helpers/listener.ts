import { decode, ExtensionCodec } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import { z } from 'zod';

export type Element = Readonly<Record<string, unknown>>;

export interface ListenerOptions {
  readonly msgpack?: boolean;
  readonly deflate?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Alpaca's times: extension -1, seconds and nanoseconds as 4, 8 or 12 bytes; read into the RFC 3339 text that JSON would have. */
const times = new ExtensionCodec();
times.register({
  type: -1,
  encode: () => null,
  decode: (data: Uint8Array): string => {
    const bytes = Buffer.from(data);
    const [seconds, nanos] =
      bytes.length === 4
        ? [BigInt(bytes.readUInt32BE(0)), 0]
        : bytes.length === 8
          ? [bytes.readBigUInt64BE(0) & 0x3ffffffffn, Number(bytes.readBigUInt64BE(0) >> 34n)]
          : [bytes.readBigInt64BE(4), bytes.readUInt32BE(0)];
    const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
    return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction}Z`;
  },
});

const elements = z.array(z.record(z.string(), z.unknown()));
const controlTypes = new Set<unknown>(['success', 'error', 'subscription']);
let lastKey = 0;

/** A client that keeps every frame it hears, from the first one on, and waits for events, never for time. */
export class Listener implements AsyncDisposable {
  /** Every data frame, as its elements. */
  readonly frames: (readonly Element[])[] = [];
  /** What it heard of the market: everything but control messages. */
  readonly events: Element[] = [];
  /** Replies, errors and the welcome. */
  readonly controls: Element[] = [];
  readonly socket: WebSocket;
  /** Of the ended connection; 1006 when there was no Close frame. */
  closeCode: number | undefined;
  readonly #looking = new Set<() => void>();

  private constructor(socket: WebSocket, msgpack: boolean) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      const frame = msgpack ? unpacked(data) : elements.parse(JSON.parse(data.toString()));
      this.frames.push(frame);
      for (const element of frame) (controlTypes.has(element['T']) ? this.controls : this.events).push(element);
      this.#look();
    });
    socket.on('close', (code) => {
      this.closeCode = code;
      this.#look();
    });
  }

  static async connect(
    url: string,
    { msgpack = false, deflate = false, headers = {} }: ListenerOptions = {},
  ): Promise<Listener> {
    const type: Record<string, string> = msgpack ? { 'Content-Type': 'application/msgpack' } : {};
    const socket = new WebSocket(url, { headers: { ...headers, ...type }, perMessageDeflate: deflate });
    const listener = new Listener(socket, msgpack);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => undefined);
    return listener;
  }

  /** Connects with a key of its own and subscribes. */
  static async subscribed(url: string, wishes: object, options: ListenerOptions = {}): Promise<Listener> {
    const listener = await Listener.connect(url, options);
    await listener.ask({ action: 'auth', key: `key-${++lastKey}`, secret: 'secret' }, 2);
    await listener.ask({ action: 'subscribe', ...wishes });
    return listener;
  }

  get elements(): readonly Element[] {
    return this.frames.flat();
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Sends and waits for `answers` control messages more than there were. */
  async ask(message: object, answers = 1): Promise<Element | undefined> {
    const wanted = answers === 2 ? 2 : this.controls.length + answers;
    this.send(message);
    await this.until(() => this.controls.length >= wanted);
    return this.controls.at(-1);
  }

  /** Resolves when that many events were heard, or the connection has ended. */
  async heard(count: number): Promise<void> {
    await this.until(() => this.events.length >= count);
  }

  /** Resolves when all that the server wrote before has been heard: its pong comes after it. */
  async settled(): Promise<void> {
    const answered = new Promise((resolve) => this.socket.once('pong', resolve));
    this.socket.ping();
    await Promise.race([answered, this.ended()]);
  }

  async ended(): Promise<void> {
    await this.until(() => this.closeCode !== undefined);
  }

  async until(met: () => boolean): Promise<void> {
    while (!met() && this.closeCode === undefined) await new Promise<void>((resolve) => this.#looking.add(resolve));
  }

  #look(): void {
    for (const look of this.#looking) look();
    this.#looking.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    await this.ended();
  }
}

function unpacked(data: Buffer): readonly Element[] {
  return elements.parse(decode(data, { extensionCodec: times }));
}
