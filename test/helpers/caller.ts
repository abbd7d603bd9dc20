import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import type { ManualClock } from '../../market/clock.ts';
import { millis } from '../../market/nanos.ts';
import type { Nanos } from '../../market/event.ts';

/** What a client hears, and when by the server's clock. */
export type Heard = { readonly at: Nanos } & (
  | { readonly kind: 'message'; readonly payload: Buffer; readonly opcode: 'text' | 'binary' }
  | { readonly kind: 'ping' | 'pong'; readonly payload: Buffer }
  /** 1006 means that no Close frame came. */
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
);

/** An upgrade answered over HTTP. */
export class RefusedUpgrade extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`the upgrade was answered ${status} ${body}`);
    this.status = status;
    this.body = body;
  }
}

const barrier = 'barrier ';

/**
 * A WebSocket client that queues all it hears, so that nothing is missed between two looks. It never waits on the wall clock: a ping
 * of its own comes back after everything the server wrote before, so silence is known, not guessed.
 */
export class Caller implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly #clock: ManualClock;
  readonly #heard: Heard[] = [];
  readonly #barriers = new Map<string, () => void>();
  #barrierCount = 0;
  #closed = false;

  private constructor(socket: WebSocket, clock: ManualClock) {
    this.socket = socket;
    this.#clock = clock;
    socket.on('message', (data: Buffer, isBinary: boolean) =>
      this.#heard.push({ kind: 'message', payload: data, opcode: isBinary ? 'binary' : 'text', at: clock.now() }),
    );
    socket.on('ping', (payload: Buffer) => this.#heard.push({ kind: 'ping', payload, at: clock.now() }));
    socket.on('pong', (payload: Buffer) => {
      const passed = this.#barriers.get(payload.toString());
      if (passed === undefined) this.#heard.push({ kind: 'pong', payload, at: clock.now() });
      else passed();
    });
    socket.on('close', (code: number, reason: Buffer) => {
      this.#closed = true;
      this.#heard.push({ kind: 'close', code, reason: reason.toString(), at: clock.now() });
      for (const passed of this.#barriers.values()) passed();
    });
  }

  /** Resolves when the upgrade is done; rejects with a `RefusedUpgrade` when it is refused. */
  static async connect(
    url: string,
    clock: ManualClock,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Caller> {
    const socket = new WebSocket(url, { headers, autoPong: false, perMessageDeflate: false });
    const caller = new Caller(socket, clock);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('unexpected-response', (_request, response) => {
        text(response).then((body) => reject(new RefusedUpgrade(response.statusCode ?? 0, body)), reject);
      });
    });
    socket.on('error', () => undefined);
    return caller;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Everything the server has written is in the queue when this resolves. */
  async settle(): Promise<void> {
    if (this.#closed) return;
    const name = `${barrier}${++this.#barrierCount}`;
    await new Promise<void>((resolve) => {
      this.#barriers.set(name, resolve);
      this.socket.ping(name);
    });
    this.#barriers.delete(name);
  }

  /** The next thing heard, moving the clock on until it comes, at most by `limit`; `undefined` is silence. */
  async next(limit: Nanos, step: Nanos = millis(50)): Promise<Heard | undefined> {
    const end = this.#clock.now() + limit;
    for (;;) {
      await this.settle();
      const [first] = this.#heard;
      if (first !== undefined) return this.#heard.shift();
      const left = end - this.#clock.now();
      if (left <= 0n) return undefined;
      await this.#clock.advance(left < step ? left : step);
    }
  }

  /** Reads on after a pause until the connection ends; everything heard until then. */
  async readToEnd(): Promise<readonly Heard[]> {
    this.socket.resume();
    if (!this.#closed) await new Promise((resolve) => this.socket.once('close', resolve));
    return this.#heard.splice(0);
  }

  /** Puts back what was heard too early. */
  unhear(heard: Heard): void {
    this.#heard.unshift(heard);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    await new Promise((resolve) => {
      this.socket.once('close', resolve);
      this.socket.terminate();
    });
  }
}
