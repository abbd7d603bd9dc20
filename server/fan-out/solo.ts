import { type MarketEvent, type Nanos, publisherOf } from '../../market/event.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { deflateFrames } from '../wire/deflate.ts';
import type { Encoder } from '../exchanges/exchange.ts';
import { frame } from '../wire/frame.ts';
import { type Interest, type Receiver, wants } from './group.ts';
import type { Emission } from '../deck/reel.ts';
import type { Place } from '../ledger/strays.ts';
import { TopicFilter } from './topic-filter.ts';
import type { Topics } from './topics.ts';
import { endOfWindow } from '../deck/window.ts';

/** What times say on the wire. */
export type Times = Pick<Emission, 'shift' | 'stampedAt'>;

/** Where an event stands. */
export interface Position {
  /** On its page. */
  readonly index: number;
  readonly topic: number;
  /** Tape time. */
  readonly tape: Nanos;
  /** Number on the deck. */
  readonly sequence: number;
}

/** Where a spoilt event goes: `skew` moves its times; `place`: where it was played, if it comes late. Returns whether the session wants it. */
export type Outlet = (event: MarketEvent, skew: Nanos, place?: Place) => boolean;

/** What becomes of the events of one session, and of its frames. Asked in tape order. */
export interface Spoiler {
  /** Tape time from which something is to be released. */
  readonly nextRelease: Nanos | undefined;
  /** Hands on what was held back up to that tape time. */
  release(until: Nanos, out: Outlet): void;
  /** Hands on what becomes of an event; `tape`: its tape time, `sequence`: its number on the deck, `shift`: what is added to its times. */
  spoil(event: MarketEvent, tape: Nanos, sequence: number, shift: Nanos, out: Outlet): void;
  /** Where an event of the tape was. */
  placeOf(event: MarketEvent): Place | undefined;
  /**
   * The payload of a frame of these events, as it is sent; `about`: numbers of the events of the tape of which they were made; `whole`: those
   * that are in it as they are.
   */
  payload(
    payload: Buffer,
    binary: boolean,
    of: readonly MarketEvent[],
    about: readonly number[],
    whole: readonly Place[],
  ): Buffer;
  /** The event is out. */
  settle(): void;
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
  #times: Times;
  /** The frame that is being filled: what goes into it, and the numbers of the events of the tape that it is about. */
  #copies: { readonly event: MarketEvent; readonly skew: Nanos; readonly shift: Nanos }[] = [];
  #about: number[] = [];
  /** Where it ends: after the last event of its window, and before this position on the page. */
  #over: Nanos = 0n;
  #until = 0;
  /** Whole frames that wait for the end of the emission. */
  #frames: Buffer[] = [];
  #events = 0;
  /** What is in them as it is on the tape. */
  #places: Place[] = [];
  #reached: number | undefined;
  #gone = false;

  constructor(
    receiver: Receiver,
    interest: Interest,
    encoder: Encoder,
    topics: Topics,
    window: Nanos,
    spoiler: Spoiler,
    times: Times,
  ) {
    this.#receiver = receiver;
    this.#interest = interest;
    this.#encoder = encoder;
    this.#most = encoder.single ? 1 : (encoder.mostEvents ?? Infinity);
    this.#window = window;
    this.#spoiler = spoiler;
    this.#times = times;
    this.#filter = new TopicFilter(topics, (topic) => wants(interest, topic));
  }

  /** Number of the next event it is to hear; absent before the first. */
  get reached(): number | undefined {
    return this.#reached;
  }

  /** From now on its times are these. */
  date(times: Times): void {
    this.#times = times;
  }

  /** What follows begins a frame, whatever the page. */
  begin(from: number): void {
    this.#until = from;
  }

  /** An event of the tape is due. */
  hear(event: MarketEvent, { index, topic, tape, sequence }: Position): void {
    if (this.#gone) return;
    this.#reached = sequence + 1;
    if (!this.#filter.wants(topic)) return;
    if ((this.#spoiler.nextRelease ?? tape + 1n) <= tape) {
      this.release(tape);
      this.#until = index;
    }
    if (index >= this.#until || event.at > this.#over) {
      this.#endFrame();
      this.#over = endOfWindow(event.at, this.#window);
      this.#until = (Math.floor(index / this.#most) + 1) * this.#most;
    }
    this.#about.push(sequence);
    this.#spoiler.spoil(event, tape, sequence, this.#times.shift, this.#add);
    this.#spoiler.settle();
  }

  /** The window is over, whoever heard something of it: what becomes of its frame is known before anybody hears the next. */
  endWindow(): void {
    if (!this.#gone) this.#endFrame();
  }

  /** Sends what is held back until this tape time, in frames of its own: one for each instant, as if each had been waited for. */
  release(until: Nanos): void {
    this.#endFrame();
    for (let due = this.#spoiler.nextRelease; due !== undefined && due <= until; due = this.#spoiler.nextRelease) {
      this.#spoiler.release(due, (event, skew, place) => {
        if (place !== undefined) this.#about.push(place.sequence);
        return this.#add(event, skew, place);
      });
      this.#endFrame();
    }
  }

  /** Sends an event beside the tape. Returns whether the session wants such events. */
  insert(event: MarketEvent, place: Place | undefined): boolean {
    return this.#add(event, 0n, place);
  }

  /** Sends whatever is ready. */
  flush(): void {
    this.#endFrame();
    if (this.#gone || this.#frames.length === 0) return;
    const [bytes, events, places] = [Buffer.concat(this.#frames), this.#events, this.#places];
    this.#frames = [];
    this.#events = 0;
    this.#places = [];
    const { deflateFrom } = this.#interest;
    const sent = deflateFrom === undefined ? bytes : deflateFrames(bytes, this.#encoder.opcode, deflateFrom);
    this.#receiver.deliver(sent, events, places);
  }

  /** Its session hears this copy no more. */
  leave(): void {
    this.#gone = true;
  }

  readonly #add: Outlet = (event, skew, place) => {
    const { market, kind } = event;
    const symbols = kind === 'news' ? event.symbols : [event.symbol];
    const topic = { market, channel: kind, symbols, publisher: publisherOf(event) };
    if (!wants(this.#interest, topic)) return false;
    // What is multiplied must not make a frame longer than clients take.
    if (this.#copies.length >= this.#most) {
      const underWay = this.#about.slice(-1);
      this.#endFrame();
      this.#about = underWay;
    }
    // What comes late comes with the times it had, wherever the needle is by now.
    this.#copies.push({ event, skew, shift: place?.shift ?? this.#times.shift });
    return true;
  };

  #endFrame(): void {
    const [copies, about] = [this.#copies, this.#about];
    this.#about = [];
    if (copies.length === 0) return;
    this.#copies = [];
    const out = new ByteWriter(copies.length * bytesPerEvent);
    const { stampedAt } = this.#times;
    this.#encoder.open(copies.length, out);
    for (const [index, { event, skew, shift }] of copies.entries()) {
      if (index > 0) this.#encoder.separate(out);
      this.#encoder.event(event, (stampedAt === undefined ? shift : stampedAt - event.at) + skew, out);
    }
    this.#encoder.close(out);
    const { opcode } = this.#encoder;
    const of = copies.map(({ event }) => event);
    const whole = copies.flatMap(({ event, skew }) => (skew === 0n ? (this.#spoiler.placeOf(event) ?? []) : []));
    const bytes = out.bytes.subarray(0, out.length);
    const payload = this.#spoiler.payload(bytes, opcode === 'binary', of, about, whole);
    if (payload === bytes) this.#places.push(...whole);
    this.#frames.push(frame(opcode, payload));
    this.#events += copies.length;
  }
}
