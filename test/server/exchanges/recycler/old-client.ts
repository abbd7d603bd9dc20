import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';

const message = z.array(z.record(z.string(), z.unknown()));
/** What `datetime.fromisoformat` reads up to Python 3.10, once `Z` is replaced. */
const isoFormat = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3}(?:\d{3})?)?(?:[+-]\d{2}:\d{2})?$/;

/** A row of its `market_data`, as it saves it. */
export interface SavedRow {
  readonly symbol: string;
  readonly timestamp: string;
  readonly close: number;
  readonly volume: number;
  readonly dataSource: 'recycled';
}

/**
 * The recycler's old client as its code behaves: it sends nothing, takes every element with a symbol it knows, caches it under
 * `SYMBOL:t` as texts, and saves what is cached; it ends on a lost connection and spins for ever on a clean Close.
 */
export class OldClient implements AsyncDisposable {
  /** Texts of the frames, in their order. */
  readonly frames: string[] = [];
  /** Its Redis: later elements of one symbol and time replace earlier ones. */
  readonly cache = new Map<string, Readonly<Record<string, string>>>();
  state: 'receiving' | 'returned' | 'spinning' = 'receiving';
  readonly #socket: WebSocket;
  readonly #symbols: ReadonlySet<string>;
  readonly #closed: Promise<unknown>;
  #arrived: () => void = () => undefined;

  private constructor(url: string, symbols: readonly string[]) {
    this.#socket = new WebSocket(url);
    this.#symbols = new Set(symbols);
    this.#socket.on('message', (data: Buffer, binary: boolean) => this.#receive(data.toString(), binary));
    this.#socket.on('error', () => undefined);
    // Python's websockets raises ConnectionClosedOK for these two, which only its `except: continue` catches.
    this.#socket.on('close', (code: number) => (this.state = [1000, 1001].includes(code) ? 'spinning' : 'returned'));
    this.#closed = once(this.#socket, 'close');
  }

  static async connect(url: string, symbols: readonly string[]): Promise<OldClient> {
    const client = new OldClient(url, symbols);
    await once(client.#socket, 'open');
    return client;
  }

  /** Resolves with the texts of the first `count` frames as soon as there are so many. */
  async heard(count: number): Promise<readonly string[]> {
    while (this.frames.length < count) await new Promise<void>((resolve) => (this.#arrived = resolve));
    return this.frames.slice(0, count);
  }

  /** Everything the server has written so far has been received. */
  async settle(): Promise<void> {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const pong = once(this.#socket, 'pong');
    this.#socket.ping();
    await Promise.race([pong, this.#closed]);
  }

  /** What it would write into `market_data`, a row per symbol and time. */
  save(): SavedRow[] {
    return [...this.cache.values()].map(({ symbol = '', timestamp = '', close = '', volume = '' }) => {
      const text = timestamp.replace('Z', '+00:00');
      if (!isoFormat.test(text)) throw new Error(`fromisoformat: ${timestamp}`);
      if (!/^\d+$/.test(volume)) throw new Error(`int(): ${volume}`);
      return { symbol, timestamp: text, close: Number(close), volume: Number(volume), dataSource: 'recycled' };
    });
  }

  async ended(): Promise<void> {
    if (this.state === 'receiving') await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.terminate();
    await this.ended();
  }

  #receive(text: string, binary: boolean): void {
    if (binary) throw new Error('json.loads of bytes');
    this.frames.push(text);
    for (const { S, t, o, h, l, c, v } of message.parse(JSON.parse(text))) {
      if (typeof S !== 'string' || !this.#symbols.has(S)) continue;
      if ([t, o, h, l, c, v].includes(undefined)) throw new Error(`KeyError in ${text}`);
      const fields = {
        symbol: S,
        timestamp: t,
        open: o,
        high: h,
        low: l,
        close: c,
        volume: v,
        data_source: 'recycled',
      };
      this.cache.set(
        `${S}:${String(t)}`,
        Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
      );
    }
    this.#arrived();
  }
}
