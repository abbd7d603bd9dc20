import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { isBar, type Nanos } from '../../market/event.ts';
import type { Papertape } from '../../server/index.ts';
import type { Row } from '../../server/ledger.ts';
import { RawClient } from './raw-client.ts';

/** An element of a frame, as it is spelt on the wire. */
export type Element = Readonly<Record<string, unknown>>;

export const wires = ['trades', 'quotes', 'bars', 'updatedBars'] as const;
const kinds = { trade: 't', quote: 'q', bar: 'b', 'updated-bar': 'u' } as const;
const letters = { trades: 't', quotes: 'q', bars: 'b', updatedBars: 'u' } as const;

/** What to ask for: every symbol of a channel, or some. */
export type Wishes = Partial<Record<(typeof wires)[number], readonly string[]>>;

/** A client of Alpaca that comes and goes, with all that it has heard on the wire, and what it last held. */
export class Comer {
  readonly key: string;
  readonly #papertape: Papertape;
  readonly #path: string;
  readonly #frames: (readonly Element[])[] = [];
  #held = new Set<string>();
  #line: RawClient | undefined;
  /** It has subscribed to nothing on this connection yet. */
  #isNew = true;

  /** Frames of this connection that are read already. */
  #read = 0;

  constructor(papertape: Papertape, key: string, path = '/v2/iex') {
    this.#papertape = papertape;
    this.key = key;
    this.#path = path;
  }

  /** Every frame that was sent so far, if all has settled. A broken one is empty. */
  get frames(): readonly (readonly Element[])[] {
    const fresh = this.#line?.frames.slice(this.#read) ?? [];
    this.#read += fresh.length;
    this.#frames.push(...fresh.map(({ payload }) => elementsOf(payload)));
    return this.#frames;
  }

  get heard(): readonly Element[] {
    return this.frames.flat();
  }

  async connect(): Promise<void> {
    await this.disconnect();
    const line = (this.#line = await RawClient.open(this.#papertape.url + this.#path));
    this.#isNew = true;
    line.say({ action: 'auth', key: this.key, secret: 's' });
    await line.settled();
  }

  async disconnect(): Promise<void> {
    const line = this.#line;
    if (line === undefined) return;
    await line.settled();
    void this.frames;
    this.#line = undefined;
    this.#read = 0;
    const { run } = this.#papertape;
    const { sessions } = run.status;
    const wasOpen = line.end === undefined;
    await line[Symbol.asyncDispose]();
    // What is written before the exchange knows that nobody is there counts as sent.
    while (wasOpen && run.status.sessions === sessions) await nextTurn();
  }

  async ask(action: 'subscribe' | 'unsubscribe', what: Wishes): Promise<void> {
    const line = this.#line;
    if (line === undefined || line.end !== undefined) return;
    await line.settled();
    const before = line.frames.length;
    line.say({ action, ...what });
    await line.settled();
    // Unless it has been sent away meanwhile.
    if (!line.frames.slice(before).some(({ payload }) => elementsOf(payload).some(({ T }) => T === 'subscription')))
      return;
    const names = Object.entries(what).flatMap(([wire, named]) => named.map((symbol) => `${wire} ${symbol}`));
    if (action === 'unsubscribe') {
      if (!this.#isNew) for (const name of names) this.#held.delete(name);
      return;
    }
    if (this.#isNew) this.#held = new Set();
    this.#isNew = false;
    for (const name of names) this.#held.add(name);
  }

  async settled(): Promise<void> {
    await this.#line?.settled();
  }

  holds({ T, S }: Element): boolean {
    return wires.some(
      (wire) => letters[wire] === T && (this.#held.has(`${wire} ${String(S)}`) || this.#held.has(`${wire} *`)),
    );
  }
}

const elements = z.array(z.record(z.string(), z.unknown()));
/** None of a frame that is broken. */
function elementsOf(payload: Buffer): Element[] {
  try {
    return elements.parse(JSON.parse(payload.toString()));
  } catch {
    return [];
  }
}

/** What tells one row of the wire from another; of a row of the ledger the same. */
export const nameOfElement = ({ T, S, t, i, bp, v, n, c }: Element): string =>
  [T, S, t, i ?? bp ?? [v, n, c].join()].join(' ');
export function nameOfRow({ event, shift }: Row): string {
  const time = iso((isBar(event) ? event.start : event.at) + shift);
  const kind = new Map<string, string>(Object.entries(kinds)).get(event.kind);
  const what =
    event.kind === 'trade'
      ? event.id
      : event.kind === 'quote'
        ? event.bidPrice
        : isBar(event)
          ? [event.volume, event.trades, event.close].join()
          : '';
  return [kind, event.symbol, time, what].join(' ');
}
export function iso(at: Nanos): string {
  const fraction = String(at % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const whole = new Date(Number(at / 1_000_000n)).toISOString().slice(0, 19);
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`;
}
