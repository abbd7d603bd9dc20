import type { Nanos } from '../../market/event.ts';
import type { TopicFilter } from './topic-filter.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import type { Encoder } from '../exchanges/exchange.ts';
import { beginFrame, endFrame } from '../wire/frame.ts';
import type { Portion } from '../deck/reel.ts';
import type { Page } from '../sources/source.ts';
import type { PageTopics } from './topics.ts';
import { endOfWindow } from '../deck/window.ts';

/** First guess at the size of an event on the wire, frame and all. */
const bytesPerEvent = 160;
/** The size that events had on the page that an encoder spelt last, with a little to spare: the guess at those of the next. */
const lately = new WeakMap<Encoder, number>();
const toSpare = 1.05;

/** Events of one window, framed together. */
export interface EncodedFrame {
  /** Indices of its first and last event. */
  readonly first: number;
  readonly last: number;
  /** How many events of those between are in it. */
  readonly count: number;
  /** Byte offsets of the whole frame. */
  readonly start: number;
  readonly end: number;
}

/**
 * A page as one exchange spells it: every wanted event encoded once, events of one window framed together. Whoever wants all
 * of it gets a slice of these bytes; whoever wants less gets the pieces that matter.
 */
export class EncodedPage {
  readonly page: Page;
  /** Index of the first event that may be encoded here. */
  readonly from: number;
  readonly shift: Nanos;
  readonly #stampedAt: Nanos | undefined;
  /** In the order of the page, one right behind the other in `bytes`. */
  readonly frames: EncodedFrame[] = [];
  /** Byte offsets of each event's own bytes; the end is 0 while it is not encoded. */
  readonly pieceStart: Uint32Array;
  readonly pieceEnd: Uint32Array;
  readonly #encoder: Encoder;
  readonly #window: Nanos;
  readonly #out: ByteWriter;
  /** What has been asked for so far: of all other topics nothing is here. */
  readonly #filters = new Set<TopicFilter>();
  #upTo: number;
  /** How many are encoded. */
  #events = 0;

  constructor({ page, from, shift, stampedAt }: Portion, encoder: Encoder, window: Nanos) {
    this.page = page;
    this.from = from;
    this.shift = shift;
    this.#stampedAt = stampedAt;
    this.#encoder = encoder;
    this.#window = window;
    this.#upTo = from;
    this.#out = new ByteWriter(0);
    this.pieceStart = new Uint32Array(page.length);
    this.pieceEnd = new Uint32Array(page.length);
  }

  get bytes(): Buffer {
    return this.#out.bytes;
  }

  /** Position in `frames` of the first that ends at or after this event. */
  frameAt(index: number): number {
    let [low, high] = [0, this.frames.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.frames[middle]?.last ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether events about a topic may be here. */
  mayHold(topic: number): boolean {
    for (const filter of this.#filters) if (filter.wants(topic)) return true;
    return false;
  }

  /** Encodes and frames what is wanted on up to `to`. The end of an emission is the end of a frame. */
  encode(to: number, topics: PageTopics, filter: TopicFilter): void {
    const { page } = this;
    const { ids } = topics;
    this.#filters.add(filter);
    const { single, mostEvents = Infinity } = this.#encoder;
    const most = single ? 1 : mostEvents;
    for (let index = this.#upTo; index < to;) {
      const first = page[index];
      if (first === undefined) break;
      if (!filter.wants(ids[index] ?? 0)) {
        index++;
        continue;
      }
      const over = endOfWindow(first.at, this.#window);
      // Where a window is cut depends on the page alone: what one client hears must not depend on what others want.
      const until = Math.min(to, (Math.floor(index / most) + 1) * most);
      let count = 1;
      let last = index;
      for (let at = index + 1; at < until; at++) {
        const next = page[at];
        if (next === undefined || next.at > over) break;
        if (!filter.wants(ids[at] ?? 0)) continue;
        count++;
        last = at;
      }
      this.#frame(index, last, count, ids, filter);
      index = last + 1;
    }
    if (to > this.#upTo) this.#upTo = to;
    if (this.#upTo === page.length && this.#events > 0) {
      lately.set(this.#encoder, (this.#out.length / this.#events) * toSpare);
    }
  }

  /** For what is wanted of the page: of many symbols a client has mostly few, and memory that is never written costs all the same. */
  #makeRoom(ids: Uint32Array, filter: TopicFilter): void {
    let wanted = 0;
    for (let index = this.from; index < ids.length; index++) if (filter.wants(ids[index] ?? 0)) wanted++;
    this.#out.reserve(Math.ceil(wanted * (lately.get(this.#encoder) ?? bytesPerEvent)));
  }

  #frame(first: number, last: number, count: number, ids: Uint32Array, filter: TopicFilter): void {
    if (this.#events === 0) this.#makeRoom(ids, filter);
    const out = this.#out;
    const stampedAt = this.#stampedAt;
    const start = beginFrame(out);
    this.#encoder.open(count, out);
    for (let index = first; index <= last; index++) {
      const event = this.page[index];
      if (event === undefined || !filter.wants(ids[index] ?? 0)) continue;
      if (index > first) this.#encoder.separate(out);
      this.pieceStart[index] = out.length;
      this.#encoder.event(event, stampedAt === undefined ? this.shift : stampedAt - event.at, out);
      this.pieceEnd[index] = out.length;
    }
    this.#encoder.close(out);
    const moved = endFrame(out, start, this.#encoder.opcode);
    for (let index = first; moved !== 0 && index <= last; index++) {
      if (this.pieceEnd[index] === 0) continue;
      this.pieceStart[index] = (this.pieceStart[index] ?? 0) + moved;
      this.pieceEnd[index] = (this.pieceEnd[index] ?? 0) + moved;
    }
    this.#events += count;
    this.frames.push({ first, last, count, start, end: out.length });
  }
}
