import type { Market } from '../market/event.ts';
import { ByteWriter } from './byte-writer.ts';
import { deflateFrames } from './deflate.ts';
import type { EncodedPage } from './encoded-page.ts';
import type { Encoder } from './exchanges/exchange.ts';
import { beginFrame, endFrame, maxHeader } from './frame.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { Topic, Topics } from './topics.ts';

/** Bytes of array brackets and separators around the pieces of a frame, at most, beyond one per event. */
const brackets = 16;

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
  readonly #topics: Topics;
  /** Per topic: 0 not yet asked, 1 wanted, 2 not wanted. */
  #wanted = new Uint8Array(64);

  constructor(taste: Taste, topics: Topics) {
    this.#taste = taste;
    this.#topics = topics;
  }

  wants(topic: number): boolean {
    if (topic >= this.#wanted.length) {
      const grown = new Uint8Array(topic * 2);
      grown.set(this.#wanted);
      this.#wanted = grown;
    }
    const known = this.#wanted[topic];
    if (known !== 0) return known === 1;
    const wanted = this.#judge(this.#topics.topic(topic));
    this.#wanted[topic] = wanted ? 1 : 2;
    return wanted;
  }

  /** Sends every seat its share of `page[from] … page[to - 1]`. */
  publish(encoded: EncodedPage, topics: Uint32Array, from: number, to: number, encoder: Encoder): void {
    const { frames, events } = this.#share(encoded, topics, from, to, encoder);
    if (events === 0) return;
    const { deflateFrom } = this.#taste;
    const bytes = deflateFrom === undefined ? frames : deflateFrames(frames, encoder.opcode, deflateFrom);
    for (const seat of this.seats) seat.deliver(bytes, events);
  }

  #judge(topic: Topic | undefined): boolean {
    if (topic === undefined || !this.#taste.markets.includes(topic.market)) return false;
    return this.#taste.subscriptions.wants(topic.channel, topic.symbol);
  }

  /** Whole frames are taken over as they stand; a frame of which only some events are wanted is made anew. */
  #share(encoded: EncodedPage, topics: Uint32Array, from: number, to: number, encoder: Encoder): Share {
    let size = 0;
    let events = 0;
    let runs = 0;
    let runStart = 0;
    let runEnd = -1;
    const parts: Part[] = [];
    for (let index = from; index < to;) {
      if (encoded.pieceEnd[index] === 0) {
        index++;
        continue;
      }
      const last = Math.min(encoded.lastOfFrame[index] ?? index, to - 1);
      let count = 0;
      let encodedCount = 0;
      const first = index;
      for (; index <= last; index++) {
        if (encoded.pieceEnd[index] === 0) continue;
        encodedCount++;
        if (this.wants(topics[index] ?? 0)) count++;
      }
      if (count === 0) continue;
      events += count;
      const whole =
        count === encodedCount && encoded.firstOfFrame[first] === first && encoded.lastOfFrame[first] === last;
      const start = encoded.frameStart(first);
      if (!whole) {
        parts.push({ kind: 'pieces', first, last, count });
        size += encoded.frameEnd(first) - start + maxHeader + brackets;
        runEnd = -1;
        continue;
      }
      const end = encoded.frameEnd(first);
      size += end - start;
      if (start === runEnd) parts[parts.length - 1] = { kind: 'run', start: runStart, end };
      else {
        runStart = start;
        runs++;
        parts.push({ kind: 'run', start, end });
      }
      runEnd = end;
    }
    const [only] = parts;
    if (parts.length === 1 && runs === 1 && only?.kind === 'run') {
      return { frames: encoded.bytes.subarray(only.start, only.end), events };
    }
    return { frames: this.#gather(encoded, topics, parts, size, encoder), events };
  }

  #gather(encoded: EncodedPage, topics: Uint32Array, parts: readonly Part[], size: number, encoder: Encoder): Buffer {
    const out = new ByteWriter(size);
    for (const part of parts) {
      if (part.kind === 'run') {
        out.range(encoded.bytes, part.start, part.end);
        continue;
      }
      const start = beginFrame(out);
      encoder.open(part.count, out);
      let separate = false;
      for (let index = part.first; index <= part.last; index++) {
        const end = encoded.pieceEnd[index] ?? 0;
        if (end === 0 || !this.wants(topics[index] ?? 0)) continue;
        if (separate) encoder.separate(out);
        separate = true;
        out.range(encoded.bytes, encoded.pieceStart[index] ?? 0, end);
      }
      encoder.close(out);
      endFrame(out, start, encoder.opcode);
    }
    return out.bytes.subarray(0, out.length);
  }
}

type Part =
  | { readonly kind: 'run'; readonly start: number; readonly end: number }
  | { readonly kind: 'pieces'; readonly first: number; readonly last: number; readonly count: number };

interface Share {
  readonly frames: Buffer;
  readonly events: number;
}
