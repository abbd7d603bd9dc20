import type { Bar, Correction, MarketEvent, Nanos, Price, Trade } from '../../market/event.ts';
import { floorTo, minute as oneMinute } from '../../market/nanos.ts';
import { effectOf, unruled } from '../../market/sale-conditions.ts';
import { Minute, type Print } from './minute.ts';
import type { BarSettings } from './settings.ts';

/** What is known of a span of a symbol: all of it, some of it with the rest asked for, or not even that. */
export type Knowledge = 'whole' | 'awaited' | 'partial';

export interface BarMakerParts {
  readonly settings: BarSettings;
  /** What is known of this symbol between two instants. A minute of which only a part was heard makes no bar. */
  readonly known: (symbol: string, from: Nanos, to: Nanos) => Knowledge;
}

/** Counts of what no bar shows. */
export interface BarLosses {
  /** Trades of minutes that change no longer. */
  readonly late: number;
  /** Minutes that were heard in part only. */
  readonly partial: number;
}

/**
 * Makes minute bars of trades, or of prices where the vendor tells no trades. A bar is told once its minute is over and all of it is known;
 * what changes it afterwards, a late trade, a correction, a cancel, a refilled gap, is told as an updated bar. A half-formed bar is never
 * told: the minute under way when it all ends makes none.
 */
export class BarMaker {
  readonly #parts: BarMakerParts;
  /** Of each symbol, the minutes that may still change, by their start. */
  readonly #minutes = new Map<string, Map<Nanos, Minute>>();
  /** The volume of the day that a symbol's last price told. */
  readonly #dayVolumes = new Map<string, number>();
  #prints = 0;
  #late = 0;
  #partial = 0;
  /** Minutes that start before this change no longer. */
  #sealedTo: Nanos = -(1n << 62n);

  constructor(parts: BarMakerParts) {
    this.#parts = parts;
  }

  get losses(): BarLosses {
    return { late: this.#late, partial: this.#partial };
  }

  /** Takes what was heard, or what history told; `now`: the market's time. */
  take(events: readonly MarketEvent[], now: Nanos): void {
    for (const event of events) {
      if (event.kind === 'trade') this.#add(event, printOf(event), now);
      else if (event.kind === 'price') this.#add(event, this.#tick(event), now);
      else if (event.kind === 'cancel') this.#remove(event.symbol, event.id, now);
      else if (event.kind === 'correction') this.#correct(event, now);
    }
    if (this.#prints > this.#parts.settings.mostPrints) this.#sealOldest();
  }

  /** The bars that are due at this time of the market, oldest first. */
  due(now: Nanos): Bar[] {
    const bars: Bar[] = [];
    for (const [symbol, minutes] of this.#minutes) {
      for (const minute of minutes.values()) {
        const bar = this.#dueOf(minute, now);
        if (bar !== undefined) bars.push(bar);
        if (minute.end + this.#parts.settings.keep <= now) this.#drop(minutes, minute);
      }
      if (minutes.size === 0) this.#minutes.delete(symbol);
    }
    return bars.toSorted((one, other) => Number(one.start - other.start));
  }

  #dueOf(minute: Minute, now: Nanos): Bar | undefined {
    const { settings, known } = this.#parts;
    const { told, changedAt, start, end } = minute;
    if (end + settings.grace > now) return undefined;
    if (told !== undefined) {
      if (changedAt === undefined || changedAt + settings.settle > now) return undefined;
      minute.changedAt = undefined;
      const bar = minute.bar('updated-bar', now);
      if (bar === undefined || isSame(bar, told)) return undefined;
      minute.told = bar;
      return bar;
    }
    const knowledge = known(minute.symbol, start, end - 1n);
    if (knowledge === 'partial') return undefined;
    if (knowledge === 'awaited' && end + settings.grace + settings.awaits > now) return undefined;
    minute.changedAt = undefined;
    minute.told = minute.bar('bar', end);
    return minute.told;
  }

  #add(event: MarketEvent, print: Print, now: Nanos): void {
    const start = floorTo(print.at, oneMinute);
    if (start < this.#sealedTo || start + oneMinute + this.#parts.settings.keep <= now) {
      this.#late++;
      return;
    }
    const minutes = this.#minutes.get(event.symbol) ?? new Map<Nanos, Minute>();
    this.#minutes.set(event.symbol, minutes);
    const minute = minutes.get(start) ?? new Minute(event.market, event.symbol, start);
    minutes.set(start, minute);
    minute.add(print);
    minute.changedAt ??= now;
    this.#prints++;
  }

  #remove(symbol: string, id: string, now: Nanos): Print | undefined {
    for (const minute of this.#minutes.get(symbol)?.values() ?? []) {
      const print = minute.remove(id);
      if (print === undefined) continue;
      this.#prints--;
      minute.changedAt ??= now;
      return print;
    }
    return undefined;
  }

  #correct(event: Correction, now: Nanos): void {
    const { original, corrected, symbol, market } = event;
    const print = this.#remove(symbol, original.id, now);
    if (print === undefined) return;
    const { id, price, size, conditions } = corrected;
    this.#add(
      event,
      { at: print.at, id, price, size, effect: effectOf({ market, conditions, tape: event.tape }) },
      now,
    );
  }

  /** A price has no size; where the vendor tells the day's volume, what that grew by is its size. */
  #tick({ symbol, at, price, dayVolume }: Price): Print {
    const before = this.#dayVolumes.get(symbol);
    if (dayVolume !== undefined) this.#dayVolumes.set(symbol, dayVolume);
    const size = dayVolume === undefined || before === undefined ? 0 : Math.max(0, dayVolume - before);
    return { at, id: '', price, size, effect: unruled };
  }

  #drop(minutes: Map<Nanos, Minute>, minute: Minute): void {
    if (minute.told === undefined && minute.count > 0) this.#partial++;
    this.#prints -= minute.count;
    minutes.delete(minute.start);
  }

  /** Lets the oldest minutes go, all those that start with the oldest, until there is room. */
  #sealOldest(): void {
    const { mostPrints } = this.#parts.settings;
    const all = [...this.#minutes.values()].flatMap((minutes) => [...minutes.values()]);
    for (const minute of all.toSorted((one, other) => Number(one.start - other.start))) {
      if (this.#prints <= mostPrints / 2) return;
      const minutes = this.#minutes.get(minute.symbol);
      if (minutes !== undefined) this.#drop(minutes, minute);
      if (minute.end > this.#sealedTo) this.#sealedTo = minute.end;
    }
  }
}

function printOf(trade: Trade): Print {
  const { at, participantAt, id, price, size } = trade;
  // A trade belongs to the minute in which it was made, where that is known and not later than its publication.
  const made = participantAt === undefined || participantAt > at ? at : participantAt;
  return { at: made, id, price, size, effect: effectOf(trade) };
}

const isSame = (one: Bar, other: Bar): boolean =>
  one.open === other.open &&
  one.high === other.high &&
  one.low === other.low &&
  one.close === other.close &&
  one.volume === other.volume &&
  one.trades === other.trades;
