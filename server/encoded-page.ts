import type { Nanos } from '../market/event.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Encoder } from './exchanges/exchange.ts';
import { beginFrame, endFrame } from './frame.ts';
import type { Page } from './sources/source.ts';
import { endOfWindow } from './window.ts';

/** First guess at the size of an event on the wire, frame and all. */
const bytesPerEvent = 160;

/**
 * A page as one exchange spells it: every wanted event encoded once, events of one window framed together. Whoever wants all
 * of it gets a slice of these bytes; whoever wants less gets the pieces that matter.
 */
export class EncodedPage {
  readonly page: Page;
  /** Index of the first event that may be encoded here. */
  readonly from: number;
  readonly shift: Nanos;
  /** Byte offsets of each event's own bytes; the end is 0 while it is not encoded. */
  readonly pieceStart: Uint32Array;
  readonly pieceEnd: Uint32Array;
  /** Indices of the first and the last event in the frame of each event. */
  readonly firstOfFrame: Uint32Array;
  readonly lastOfFrame: Uint32Array;
  readonly #frameStart: Uint32Array;
  readonly #frameEnd: Uint32Array;
  readonly #encoder: Encoder;
  readonly #window: Nanos;
  readonly #out: ByteWriter;
  #upTo: number;

  constructor(page: Page, from: number, shift: Nanos, encoder: Encoder, window: Nanos) {
    this.page = page;
    this.from = from;
    this.shift = shift;
    this.#encoder = encoder;
    this.#window = window;
    this.#upTo = from;
    this.#out = new ByteWriter((page.length - from) * bytesPerEvent);
    const { length } = page;
    [this.pieceStart, this.pieceEnd] = [new Uint32Array(length), new Uint32Array(length)];
    [this.#frameStart, this.#frameEnd] = [new Uint32Array(length), new Uint32Array(length)];
    [this.firstOfFrame, this.lastOfFrame] = [new Uint32Array(length), new Uint32Array(length)];
  }

  get bytes(): Buffer {
    return this.#out.bytes;
  }

  /** The whole frame around an event, alone or with its neighbours: offsets into `bytes`. */
  frameStart(index: number): number {
    return this.#frameStart[index] ?? 0;
  }

  frameEnd(index: number): number {
    return this.#frameEnd[index] ?? 0;
  }

  /** Encodes and frames on up to `to`. The end of an emission is the end of a frame. */
  encode(to: number, wanted: (index: number) => boolean): void {
    const { page } = this;
    for (let index = this.#upTo; index < to;) {
      const first = page[index];
      if (first === undefined) break;
      const { single } = this.#encoder;
      if (!wanted(index)) {
        index++;
        continue;
      }
      const over = endOfWindow(first.at, this.#window);
      let count = 1;
      let end = index + 1;
      for (let next = page[end]; !single && end < to && next !== undefined && next.at <= over; next = page[++end]) {
        if (wanted(end)) count++;
      }
      this.#frame(index, end, count, wanted);
      index = end;
    }
    if (to > this.#upTo) this.#upTo = to;
  }

  #frame(from: number, to: number, count: number, wanted: (index: number) => boolean): void {
    const out = this.#out;
    const start = beginFrame(out);
    this.#encoder.open(count, out);
    let last = from;
    for (let index = from; index < to; index++) {
      const event = this.page[index];
      if (event === undefined || (index > from && !wanted(index))) continue;
      if (index > from) this.#encoder.separate(out);
      this.pieceStart[index] = out.length;
      this.#encoder.event(event, this.shift, out);
      this.pieceEnd[index] = out.length;
      last = index;
    }
    this.#encoder.close(out);
    const moved = endFrame(out, start, this.#encoder.opcode);
    for (let index = from; index <= last; index++) {
      if (this.pieceEnd[index] === 0) continue;
      this.pieceStart[index] = (this.pieceStart[index] ?? 0) + moved;
      this.pieceEnd[index] = (this.pieceEnd[index] ?? 0) + moved;
      this.#frameStart[index] = start;
      this.#frameEnd[index] = out.length;
      this.firstOfFrame[index] = from;
      this.lastOfFrame[index] = last;
    }
  }
}
