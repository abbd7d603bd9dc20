import type { Cancel, Clock } from '../../../market/clock.ts';
import { EventJson } from '../../../market/event-json.ts';
import type { MarketEvent, Nanos } from '../../../market/event.ts';
import { millis } from '../../../market/nanos.ts';
import { type Batch, type Sink, type SinkHealth, type Wants, eachOf } from '../sink.ts';
import type { BroadcastSettings } from './settings.ts';
import { Thinned } from './thinned.ts';

/** Events that wait for the end of a turn. */
const mostInTurn = 8192;
/** Events of one frame. */
const mostInFrame = 512;
/** How often one looks whether a slow listener reads again. */
const glance = millis(100);
/** Of the registry of RFC 6455: try again later. */
export const tryLater = 1013;

/** The way to one listener: a socket, as far as a broadcast cares. */
export interface Outlet {
  /** A frame of text. */
  send(frame: Buffer): void;
  /** Bytes that were sent and are not yet read. */
  waiting(): number;
  close(code: number, reason: string): void;
}

/** One listener over a socket, until disposed of. Hears nothing before it wants something. */
export interface Listening extends Disposable {
  /** From now on instead of what it wanted before; `everything` is all symbols of all channels. */
  want(wants: Wants | 'everything'): void;
}

export type BroadcastHappening =
  | { readonly kind: 'listener-slow' | 'listener-back' | 'listener-dropped'; readonly leftOut: number }
  | { readonly kind: 'subscriber-threw'; readonly why: string };

type Hear = (event: MarketEvent, dataSource: string) => void;

/** Listeners that want the same, and so are sent the same bytes. */
interface Circle {
  readonly wants: Wants | 'everything';
  readonly members: Set<Listener>;
}

interface Listener {
  readonly outlet: Outlet;
  circle: Circle | undefined;
  slow: { readonly since: Nanos; readonly thinned: Thinned } | undefined;
}

/**
 * Hands live events on: to subscribers in this process at once, to listeners over sockets at the end of the turn, spelled once for all and
 * framed once for those who want the same. Whoever reads slowly gets less, or his leave, and nobody else notices.
 */
export class Broadcast implements Sink {
  readonly name = 'broadcast';
  readonly #settings: BroadcastSettings;
  readonly #clock: Clock;
  readonly #log: (happening: BroadcastHappening) => void;
  readonly #json = new EventJson();
  readonly #subscribers = new Set<{ readonly wants: Wants | 'everything'; readonly hear: Hear }>();
  readonly #listeners = new Set<Listener>();
  readonly #circles = new Map<string, Circle>();
  #turn: { readonly event: MarketEvent; readonly dataSource: string }[] = [];
  #sending: Promise<void> | undefined;
  #looking: Cancel | undefined;

  constructor(settings: BroadcastSettings, clock: Clock, log: (happening: BroadcastHappening) => void) {
    this.#settings = settings;
    this.#clock = clock;
    this.#log = log;
  }

  /** Listeners over sockets. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Those of them that read too slowly. */
  get slow(): number {
    return [...this.#listeners].filter(({ slow }) => slow !== undefined).length;
  }

  get isFull(): boolean {
    return this.#listeners.size >= this.#settings.mostListeners;
  }

  /** What was asked for afterwards is no news to anybody: history is left out. */
  take({ events, dataSource, origin }: Batch): undefined {
    if (origin === 'history') return;
    for (const { wants, hear } of this.#subscribers) {
      for (const event of events) if (isWanted(wants, event)) this.#tell(hear, event, dataSource);
    }
    if (this.#circles.size === 0) return;
    for (const event of events) {
      this.#turn.push({ event, dataSource });
      if (this.#turn.length >= mostInTurn) this.#send();
    }
    this.#sending ??= this.#sendSoon();
  }

  /** Every event of these wants, as it comes, in the turn in which it comes. What `hear` throws is told and harms nobody. */
  subscribe(wants: Wants | 'everything', hear: Hear): Disposable {
    const subscriber = { wants, hear };
    this.#subscribers.add(subscriber);
    return { [Symbol.dispose]: () => void this.#subscribers.delete(subscriber) };
  }

  /** A listener over a socket; ask `isFull` before. */
  attach(outlet: Outlet): Listening {
    const listener: Listener = { outlet, circle: undefined, slow: undefined };
    this.#listeners.add(listener);
    return {
      want: (wants) => {
        this.#leave(listener);
        this.#join(listener, wants);
      },
      [Symbol.dispose]: () => {
        this.#leave(listener);
        this.#listeners.delete(listener);
      },
    };
  }

  async flush(): Promise<void> {
    await this.#sending;
  }

  health(): SinkHealth {
    return { state: 'well', says: '', pending: this.#turn.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    this.#looking?.();
    this.#subscribers.clear();
    for (const { outlet } of this.#listeners) outlet.close(1001, 'going away');
    this.#listeners.clear();
    this.#circles.clear();
  }

  #tell(hear: Hear, event: MarketEvent, dataSource: string): void {
    try {
      hear(event, dataSource);
    } catch (error) {
      this.#log({ kind: 'subscriber-threw', why: String(error) });
    }
  }

  #join(listener: Listener, wants: Wants | 'everything'): void {
    const pairs =
      wants === 'everything' ? ['everything'] : [...eachOf(wants)].map((pair) => JSON.stringify(pair)).sort();
    if (pairs.length === 0) return;
    const key = pairs.join('\n');
    const circle = this.#circles.get(key) ?? { wants, members: new Set<Listener>() };
    this.#circles.set(key, circle);
    circle.members.add(listener);
    listener.circle = circle;
  }

  #leave(listener: Listener): void {
    const { circle } = listener;
    listener.circle = undefined;
    circle?.members.delete(listener);
    if (circle?.members.size !== 0) return;
    for (const [key, other] of this.#circles) if (other === circle) this.#circles.delete(key);
  }

  async #sendSoon(): Promise<void> {
    await this.#clock.turn();
    this.#sending = undefined;
    this.#send();
  }

  #send(): void {
    const turn = this.#turn;
    this.#turn = [];
    const texts = new Map<number, string>();
    const textOf = (index: number): string => {
      const heard = turn[index];
      const text = texts.get(index) ?? (heard === undefined ? '' : this.#json.of(heard.event, heard.dataSource));
      texts.set(index, text);
      return text;
    };
    for (const { wants, members } of this.#circles.values()) {
      const wanted = turn.flatMap(({ event }, index) => (isWanted(wants, event) ? [index] : []));
      if (wanted.length === 0) continue;
      const frames = framesOf(wanted.map(textOf));
      for (const listener of members) {
        this.#look(listener);
        const { slow } = listener;
        if (!this.#listeners.has(listener)) continue;
        if (slow === undefined) for (const frame of frames) listener.outlet.send(frame);
        else for (const index of wanted) thin(slow.thinned, turn[index]?.event, textOf(index));
      }
    }
  }

  /** Whether a listener has become slow, or reads again, or has been slow for too long. */
  #look(listener: Listener): void {
    const { outlet, slow } = listener;
    const { mostWaiting, patience, mostThinned } = this.#settings;
    const waiting = outlet.waiting();
    if (slow === undefined) {
      if (waiting <= mostWaiting) return;
      if (this.#settings.slow === 'drop') return this.#drop(listener, 0);
      listener.slow = { since: this.#clock.now(), thinned: new Thinned(mostThinned) };
      this.#log({ kind: 'listener-slow', leftOut: 0 });
      this.#lookSoon();
    } else if (waiting <= mostWaiting / 2) {
      listener.slow = undefined;
      const { thinned } = slow;
      for (const frame of framesOf(thinned.texts(), thinned.leftOut)) outlet.send(frame);
      this.#log({ kind: 'listener-back', leftOut: thinned.leftOut });
    } else if (this.#clock.now() - slow.since >= patience) this.#drop(listener, slow.thinned.leftOut);
  }

  #drop(listener: Listener, leftOut: number): void {
    this.#leave(listener);
    this.#listeners.delete(listener);
    listener.outlet.close(tryLater, 'reads too slowly');
    this.#log({ kind: 'listener-dropped', leftOut });
  }

  #lookSoon(): void {
    this.#looking ??= this.#clock.wake(this.#clock.now() + glance, () => {
      this.#looking = undefined;
      const slow = [...this.#listeners].filter((listener) => listener.slow !== undefined);
      for (const listener of slow) this.#look(listener);
      if (slow.some((listener) => listener.slow !== undefined && this.#listeners.has(listener))) this.#lookSoon();
    });
  }
}

function thin(thinned: Thinned, event: MarketEvent | undefined, text: string): void {
  if (event !== undefined) thinned.add(event, text);
}

function framesOf(texts: readonly string[], leftOut = 0): Buffer[] {
  const frames: Buffer[] = [];
  for (let from = 0; from < texts.length; from += mostInFrame) {
    const note = leftOut > 0 && from === 0 ? `,"leftOut":${leftOut}` : '';
    const events = texts.slice(from, from + mostInFrame).join(',');
    frames.push(Buffer.from(`{"type":"events","events":[${events}]${note}}`));
  }
  return frames;
}

function isWanted(wants: Wants | 'everything', event: MarketEvent): boolean {
  if (wants === 'everything') return true;
  const symbols = wants.get(event.kind);
  if (symbols === undefined) return false;
  if (symbols.has('*') || symbols.has(event.symbol)) return true;
  return event.kind === 'news' && event.symbols.some((symbol) => symbols.has(symbol));
}
