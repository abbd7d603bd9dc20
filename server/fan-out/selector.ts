import { ByteWriter } from '../wire/byte-writer.ts';
import type { EncodedFrame, EncodedPage } from './encoded-page.ts';
import type { Encoder } from '../exchanges/exchange.ts';
import { beginFrame, endFrame, maxHeader } from '../wire/frame.ts';
import type { TopicFilter } from './topic-filter.ts';
import type { PageTopics } from './topics.ts';

/** Whole frames, and how many events are in them. */
export interface Share {
  readonly bytes: Buffer;
  readonly events: number;
}

const nothing: Share = { bytes: Buffer.alloc(0), events: 0 };

/** Bytes around the events of a frame, at most, beyond one per event. */
const brackets = 16;
/** Words may be written past the end of what they mean. */
const slack = 64;

/**
 * Takes what a filter lets through from pages that are encoded already: the very same bytes where all that is encoded is wanted, else frames
 * of their own made of the encoded pieces.
 */
export class Selector {
  readonly #filter: TopicFilter;
  readonly #encoder: Encoder;

  constructor(filter: TopicFilter, encoder: Encoder) {
    this.#filter = filter;
    this.#encoder = encoder;
  }

  /** The share of `page[from] … page[to - 1]`. */
  select(encoded: EncodedPage, { distinct, ids }: PageTopics, from: number, to: number): Share {
    const { frames } = encoded;
    const begin = encoded.frameAt(from);
    let end = begin;
    while (end < frames.length && (frames[end]?.first ?? to) < to) end++;
    const [first, last] = [frames[begin], frames[end - 1]];
    if (first === undefined || last === undefined || begin === end) return nothing;
    // A page holds more than is encoded here: bars and prices of other exchanges, and what nobody wants.
    const wantsAll = distinct.every((id) => this.#filter.wants(id) || !encoded.mayHold(id));
    if (wantsAll && first.first >= from && last.last < to) {
      let events = 0;
      for (let at = begin; at < end; at++) events += frames[at]?.count ?? 0;
      return { bytes: encoded.bytes.subarray(first.start, last.end), events };
    }
    return this.#gather(encoded, frames.slice(begin, end), ids, from, to);
  }

  /** Frames anew what is wanted of these frames. */
  #gather(encoded: EncodedPage, frames: readonly EncodedFrame[], ids: Uint32Array, from: number, to: number): Share {
    const counts = new Uint32Array(frames.length);
    let events = 0;
    let size = slack;
    for (const [at, frame] of frames.entries()) {
      const last = Math.min(frame.last, to - 1);
      let count = 0;
      for (let index = Math.max(frame.first, from); index <= last; index++) {
        const end = encoded.pieceEnd[index] ?? 0;
        if (end === 0 || !this.#filter.wants(ids[index] ?? 0)) continue;
        count++;
        size += end - (encoded.pieceStart[index] ?? 0) + 1;
      }
      counts[at] = count;
      events += count;
      if (count > 0) size += maxHeader + brackets;
    }
    const out = new ByteWriter(size);
    for (const [at, frame] of frames.entries()) {
      const count = counts[at] ?? 0;
      if (count === frame.count) out.range(encoded.bytes, frame.start, frame.end);
      else if (count > 0) {
        const [first, last] = [Math.max(frame.first, from), Math.min(frame.last, to - 1)];
        this.#reframe(encoded, first, last, count, ids, out);
      }
    }
    return { bytes: out.bytes.subarray(0, out.length), events };
  }

  #reframe(
    { bytes, pieceStart, pieceEnd }: EncodedPage,
    first: number,
    last: number,
    count: number,
    ids: Uint32Array,
    out: ByteWriter,
  ): void {
    const start = beginFrame(out);
    this.#encoder.open(count, out);
    // Neighbours are copied together, with what separates them.
    let [runStart, runEnd] = [0, 0];
    let separate = false;
    for (let index = first; index <= last; index++) {
      const end = pieceEnd[index] ?? 0;
      if (end === 0) continue;
      if (this.#filter.wants(ids[index] ?? 0)) {
        if (runEnd === 0) runStart = pieceStart[index] ?? 0;
        runEnd = end;
        continue;
      }
      if (runEnd === 0) continue;
      if (separate) this.#encoder.separate(out);
      separate = true;
      out.range(bytes, runStart, runEnd);
      runEnd = 0;
    }
    if (runEnd !== 0) {
      if (separate) this.#encoder.separate(out);
      out.range(bytes, runStart, runEnd);
    }
    this.#encoder.close(out);
    endFrame(out, start, this.#encoder.opcode);
  }
}
