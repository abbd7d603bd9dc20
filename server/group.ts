import type { Market } from '../market/event.ts';
import { Appetite } from './appetite.ts';
import { ByteWriter } from './byte-writer.ts';
import { deflateFrames } from './deflate.ts';
import type { EncodedFrame, EncodedPage } from './encoded-page.ts';
import type { Encoder } from './exchanges/exchange.ts';
import { beginFrame, endFrame, maxHeader } from './frame.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { PageTopics, Topic, Topics } from './topics.ts';

/** Receives what its session subscribed to: whole frames, ready for the socket. */
export interface Seat {
  deliver(frames: Buffer, events: number): void;
}

/** What makes sessions hear exactly the same bytes. */
export interface Taste {
  readonly markets: readonly Market[];
  readonly subscriptions: Subscriptions;
  /** Compress payloads from this many bytes on; absent: the client did not ask for compression. */
  readonly deflateFrom: number | undefined;
}

export function tasteKey({ markets, subscriptions, deflateFrom }: Taste): string {
  return `${markets.join()}|${deflateFrom ?? ''}|${subscriptions.key}`;
}

/** Sessions of one taste. What one of them is sent, all are sent, from the same bytes. */
export class Group {
  readonly seats = new Set<Seat>();
  readonly #taste: Taste;
  readonly #appetite: Appetite;

  constructor(taste: Taste, topics: Topics) {
    this.#taste = taste;
    this.#appetite = new Appetite(topics, (topic) => this.wants(topic));
  }

  wants({ market, channel, symbols }: Topic): boolean {
    const { markets, subscriptions } = this.#taste;
    return markets.includes(market) && symbols.some((symbol) => subscriptions.wants(channel, symbol));
  }

  /** Sends every seat its share of `page[from] … page[to - 1]`. */
  publish(encoded: EncodedPage, topics: PageTopics, from: number, to: number, encoder: Encoder): void {
    const { bytes, events } = this.#share(encoded, topics, from, to, encoder);
    if (events === 0) return;
    const { deflateFrom } = this.#taste;
    const sent = deflateFrom === undefined ? bytes : deflateFrames(bytes, encoder.opcode, deflateFrom);
    for (const seat of this.seats) seat.deliver(sent, events);
  }

  #share(encoded: EncodedPage, topics: PageTopics, from: number, to: number, encoder: Encoder): Share {
    const { frames } = encoded;
    const begin = encoded.frameAt(from);
    let end = begin;
    while (end < frames.length && (frames[end]?.first ?? to) < to) end++;
    const [first, last] = [frames[begin], frames[end - 1]];
    if (first === undefined || last === undefined || begin === end) return nothing;
    const wantsAll = topics.distinct.every((id) => this.#appetite.wants(id));
    if (wantsAll && first.first >= from && last.last < to) {
      let events = 0;
      for (let at = begin; at < end; at++) events += frames[at]?.count ?? 0;
      return { bytes: encoded.bytes.subarray(first.start, last.end), events };
    }
    return this.#gather(encoded, frames.slice(begin, end), topics.ids, from, to, encoder);
  }

  /** Frames anew what is wanted of these frames. */
  #gather(
    encoded: EncodedPage,
    frames: readonly EncodedFrame[],
    ids: Uint32Array,
    from: number,
    to: number,
    encoder: Encoder,
  ): Share {
    const counts = new Uint32Array(frames.length);
    let events = 0;
    let size = slack;
    frames.forEach((frame, at) => {
      const last = Math.min(frame.last, to - 1);
      let count = 0;
      for (let index = Math.max(frame.first, from); index <= last; index++) {
        const end = encoded.pieceEnd[index] ?? 0;
        if (end === 0 || !this.#appetite.wants(ids[index] ?? 0)) continue;
        count++;
        size += end - (encoded.pieceStart[index] ?? 0) + 1;
      }
      counts[at] = count;
      events += count;
      if (count > 0) size += maxHeader + brackets;
    });
    const out = new ByteWriter(size);
    frames.forEach((frame, at) => {
      const count = counts[at] ?? 0;
      if (count === frame.count) out.range(encoded.bytes, frame.start, frame.end);
      else if (count > 0) {
        const [first, last] = [Math.max(frame.first, from), Math.min(frame.last, to - 1)];
        this.#reframe(encoded, first, last, count, ids, encoder, out);
      }
    });
    return { bytes: out.bytes.subarray(0, out.length), events };
  }

  #reframe(
    encoded: EncodedPage,
    first: number,
    last: number,
    count: number,
    ids: Uint32Array,
    encoder: Encoder,
    out: ByteWriter,
  ): void {
    const { bytes, pieceStart, pieceEnd } = encoded;
    const start = beginFrame(out);
    encoder.open(count, out);
    // Neighbours are copied together, with what separates them.
    let [runStart, runEnd] = [0, 0];
    let separate = false;
    for (let index = first; index <= last; index++) {
      const end = pieceEnd[index] ?? 0;
      if (end === 0) continue;
      if (this.#appetite.wants(ids[index] ?? 0)) {
        if (runEnd === 0) runStart = pieceStart[index] ?? 0;
        runEnd = end;
        continue;
      }
      if (runEnd === 0) continue;
      if (separate) encoder.separate(out);
      separate = true;
      out.range(bytes, runStart, runEnd);
      runEnd = 0;
    }
    if (runEnd !== 0) {
      if (separate) encoder.separate(out);
      out.range(bytes, runStart, runEnd);
    }
    encoder.close(out);
    endFrame(out, start, encoder.opcode);
  }
}

interface Share {
  readonly bytes: Buffer;
  readonly events: number;
}

const nothing: Share = { bytes: Buffer.alloc(0), events: 0 };

/** Bytes around the events of a frame, at most, beyond one per event. */
const brackets = 16;
/** Words may be written past the end of what they mean. */
const slack = 64;
