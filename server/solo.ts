import { type MarketEvent, type Nanos, publisherOf } from '../market/event.ts';
import { ByteWriter } from './byte-writer.ts';
import { deflateFrames } from './deflate.ts';
import type { Encoder } from './exchanges/exchange.ts';
import { frame } from './frame.ts';
import { type Interest, type Receiver, wants } from './group.ts';
import type { Emission } from './reel.ts';
import { TopicFilter } from './topic-filter.ts';
import type { PageTopics, Topics } from './topics.ts';
import { endOfWindow } from './window.ts';

/** Where a spoilt event goes; `skew` moves its times. */
export type Outlet = (event: MarketEvent, skew: Nanos) => void;

/** What becomes of the events of one session, and of its frames. Asked in tape order. */
export interface Spoiler {
  /** Tape time from which something is to be released. */
  readonly nextRelease: Nanos | undefined;
  /** Hands on what was held back up to that tape time. */
  release(until: Nanos, out: Outlet): void;
  /** Hands on what becomes of an event; `tape`: its tape time, `sequence`: its number on the deck. */
  spoil(event: MarketEvent, tape: Nanos, sequence: number, out: Outlet): void;
  /** The payload of a frame of these events, as it is sent; `about`: the events of the tape, of which they were made. */
  payload(payload: Buffer, binary: boolean, of: readonly MarketEvent[], about: readonly MarketEvent[]): Buffer;
  /** Everything up to and including the last event is out. False: the session hears no more. */
  settled(): boolean;
}

/** First guess at the size of an event on the wire. */
const bytesPerEvent = 160;

/**
 * A session that hears its own copy of the tape, spoilt. What is not touched comes in the very bytes and frames in which others hear it:
 * where frames begin and end depends on what the session wants of the tape, never on what becomes of it.
 */
export class Solo {
  readonly #receiver: Receiver;
  readonly #interest: Interest;
  readonly #encoder: Encoder;
  /** Events in one frame at most. */
  readonly #most: number;
  readonly #filter: TopicFilter;
  readonly #window: Nanos;
  readonly #spoiler: Spoiler;
  /** The frame that is being filled: what goes into it, and the events of the tape that it is about. */
  #copies: { readonly event: MarketEvent; readonly skew: Nanos }[] = [];
  #about: MarketEvent[] = [];
  /** Whole frames that wait for the end of the emission. */
  #frames: Buffer[] = [];
  #events = 0;
  /** Of the emission under way, or of the last one. */
  #times: Pick<Emission, 'shift' | 'stampedAt'> = { shift: 0n, stampedAt: undefined };

  constructor(
    receiver: Receiver,
    interest: Interest,
    encoder: Encoder,
    topics: Topics,
    window: Nanos,
    spoiler: Spoiler,
  ) {
    this.#receiver = receiver;
    this.#interest = interest;
    this.#encoder = encoder;
    this.#most = encoder.single ? 1 : (encoder.mostEvents ?? Infinity);
    this.#window = window;
    this.#spoiler = spoiler;
    this.#filter = new TopicFilter(topics, (topic) => wants(interest, topic));
  }

  publish({ page, from, to, shift, stampedAt, sequence, origin }: Emission, { ids }: PageTopics): void {
    this.#times = { shift, stampedAt };
    let [over, until]: [Nanos, number] = [0n, from];
    for (let index = from; index < to; index++) {
      const event = page[index];
      if (event === undefined || !this.#filter.wants(ids[index] ?? 0)) continue;
      const tape = event.at - origin;
      if ((this.#spoiler.nextRelease ?? tape + 1n) <= tape) {
        this.release(tape);
        until = index;
      }
      if (index >= until || event.at > over) {
        this.#endFrame();
        over = endOfWindow(event.at, this.#window);
        until = (Math.floor(index / this.#most) + 1) * this.#most;
      }
      this.#about.push(event);
      this.#spoiler.spoil(event, tape, sequence + index - from, this.#add);
      if (!this.#spoiler.settled()) return;
    }
    this.flush();
  }

  /** Sends what is held back until this tape time, in frames of its own: one for each instant, as if each had been waited for. */
  release(until: Nanos): void {
    this.#endFrame();
    for (let due = this.#spoiler.nextRelease; due !== undefined && due <= until; due = this.#spoiler.nextRelease) {
      this.#spoiler.release(due, (event, skew) => {
        this.#about.push(event);
        this.#add(event, skew);
      });
      this.#endFrame();
    }
  }

  /** Sends an event that the tape does not have, if the session wants such events. */
  insert(event: MarketEvent): void {
    this.#about.push(event);
    this.#add(event, 0n);
  }

  /** Sends whatever is ready. */
  flush(): void {
    this.#endFrame();
    if (this.#frames.length === 0) return;
    const [bytes, events] = [Buffer.concat(this.#frames), this.#events];
    this.#frames = [];
    this.#events = 0;
    const { deflateFrom } = this.#interest;
    const sent = deflateFrom === undefined ? bytes : deflateFrames(bytes, this.#encoder.opcode, deflateFrom);
    this.#receiver.deliver(sent, events);
  }

  readonly #add: Outlet = (event, skew) => {
    const { market, kind } = event;
    const symbols = kind === 'news' ? event.symbols : [event.symbol];
    const topic = { market, channel: kind, symbols, publisher: publisherOf(event) };
    if (!wants(this.#interest, topic)) return;
    this.#copies.push({ event, skew });
    // What is multiplied must not make a frame longer than clients take.
    if (this.#copies.length >= this.#most) this.#endFrame();
  };

  #endFrame(): void {
    const [copies, about] = [this.#copies, this.#about];
    if (copies.length === 0) {
      if (!this.#encoder.single) this.#about = [];
      return;
    }
    this.#copies = [];
    this.#about = [];
    const out = new ByteWriter(copies.length * bytesPerEvent);
    const { shift, stampedAt } = this.#times;
    this.#encoder.open(copies.length, out);
    for (const [index, { event, skew }] of copies.entries()) {
      if (index > 0) this.#encoder.separate(out);
      this.#encoder.event(event, (stampedAt === undefined ? shift : stampedAt - event.at) + skew, out);
    }
    this.#encoder.close(out);
    const { opcode } = this.#encoder;
    const of = copies.map(({ event }) => event);
    const payload = this.#spoiler.payload(out.bytes.subarray(0, out.length), opcode === 'binary', of, about);
    this.#frames.push(frame(opcode, payload));
    this.#events += copies.length;
  }
}
