import { isBarKind, type Channel, type Market, type MarketEvent, type Nanos } from '../../market/event.ts';
import { day } from '../../market/nanos.ts';
import type { Leg } from '../deck/itinerary.ts';
import type { Covered } from '../journal-entry.ts';
import type { Progress } from '../deck/progress.ts';

/** How far decks had played when an answer was given, and by how much the times of the last event were moved. */
export type Marks = ReadonlyMap<Progress, { readonly sequence: number; readonly shift: Nanos }>;

interface Fetched {
  readonly from: Nanos;
  readonly to: Nanos;
  readonly marks: Marks;
}

/** Stretches of answers that are remembered of one client. */
const rememberedStretches = 100_000;

/** A minute's bar is a `bar` however often it changed, as answers over HTTP tell it. */
export const toldAs = (kind: Channel): Channel => (kind === 'updated-bar' ? 'bar' : kind);
/** By which time answers tell it, as on the tape: of bars their start. */
export const toldAt = (event: MarketEvent): Nanos => ('start' in event ? event.start : event.at);

/** The rows that one client was told over HTTP, as stretches of the wire's time line. */
export class FetchedRows {
  /** Stretches that were too many to be remembered. */
  forgotten = 0;
  readonly #stretches = new Map<string, Fetched[]>();
  #count = 0;

  take(covers: readonly Covered[], marks: Marks): void {
    for (const { market, symbol, channel, from, to } of covers) {
      const name = nameOf(market, symbol, channel);
      const known = this.#stretches.get(name) ?? [];
      this.#stretches.set(name, known);
      const last = known.at(-1);
      // Who asks for the same again and again learns no less than before.
      if (last !== undefined && from <= last.from && to >= last.to) known.pop();
      else if (this.#count++ >= rememberedStretches) {
        this.#count--;
        this.forgotten++;
        continue;
      }
      known.push({ from, to, marks });
    }
  }

  /** As they stand, for one deck. */
  reading(progress: Progress): FetchedReading {
    return new FetchedReading(this.#stretches, progress);
  }
}

interface Told {
  readonly from: Nanos;
  readonly to: Nanos;
  readonly sequence: number;
  /** The latest end of all up to here. */
  readonly reach: Nanos;
}

/** Tells which rows of a deck were told over HTTP. */
export class FetchedReading {
  readonly #told = new Map<string, readonly Told[]>();
  readonly #saysNow: boolean;

  constructor(stretches: ReadonlyMap<string, readonly Fetched[]>, progress: Progress) {
    this.#saysNow = progress.saysNow;
    for (const [name, fetched] of stretches) {
      const known = fetched.flatMap(({ from, to, marks }) => {
        const mark = marks.get(progress);
        if (mark === undefined) return [];
        // Where events say when they were sent only the tape's own times are the same twice.
        const by = this.#saysNow ? mark.shift : 0n;
        return [{ from: from - by, to: to - by, sequence: mark.sequence }];
      });
      known.sort((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));
      let reach: Nanos | undefined;
      const told = known.map((one) => {
        if (reach === undefined || one.to > reach) reach = one.to;
        return { ...one, reach };
      });
      this.#told.set(name, told);
    }
  }

  /**
   * Whether an answer told the event with that number of a leg. Of bars only an answer that came after it: an earlier one told what the
   * bar was before it changed.
   */
  has(event: MarketEvent, sequence: number, { first, shift = 0n }: Leg): boolean {
    const told = this.#told.get(nameOf(event.market, event.symbol, toldAs(event.kind)));
    if (told === undefined) return false;
    const by = this.#saysNow ? 0n : shift;
    // The day of a moved bar begins where its exchange's day begins, which is no later than the bar and not a day before it.
    const isMovedDay = event.kind === 'daily-bar' && by !== 0n;
    const at = (isMovedDay ? event.at : toldAt(event)) + by;
    const least = isBarKind(event.kind) ? sequence : first;
    for (let place = lastUpTo(told, at); place >= 0; place--) {
      const one = told[place];
      if (one === undefined || at > one.reach + (isMovedDay ? day : 0n)) return false;
      if (at <= one.to + (isMovedDay ? day : 0n) && one.sequence > least) return true;
    }
    return false;
  }
}

/** Position of the last that begins no later than that. */
function lastUpTo(told: readonly Told[], at: Nanos): number {
  let [low, high] = [0, told.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((told[middle]?.from ?? 0n) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const nameOf = (market: Market, symbol: string, channel: Channel): string => `${market} ${channel} ${symbol}`;
