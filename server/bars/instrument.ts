import { minute as minuteNanos } from '../../market/nanos.ts';
import type { Channel, Market, Nanos } from '../../market/event.ts';
import type { DayRow } from './day-book.ts';
import { fingerprintOf } from './publication.ts';
import { average, Tally, type DayNumbers } from './tally.ts';
import type { Ticker } from './ticks.ts';

const noDay: DayNumbers = { volume: undefined, open: undefined, vwap: undefined };

/** One minute of one symbol, from its first trade until no late trade can change its bar any more. */
export class Minute {
  readonly instrument: Instrument;
  /** Minutes since the epoch; -1 before first use. */
  number = -1;
  start: Nanos = 0n;
  /** Its first second since the epoch, and the one after its last. */
  from = 0;
  until = 0;
  /** When its bar leaves. */
  due: Nanos = 0n;
  /** True when a late trade changed the bar and the change is on the agenda. */
  changed = false;
  readonly tally = new Tally();

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }

  begin(number: number, delay: Nanos): void {
    this.number = number;
    this.start = BigInt(number) * minuteNanos;
    this.from = number * 60;
    this.until = this.from + 60;
    this.due = this.start + minuteNanos + delay;
    this.changed = false;
    this.tally.clear();
  }
}

/** What the bar maker remembers of one symbol: its last few minutes and its day. Never a trade. */
export class Instrument {
  readonly market: Market;
  readonly symbol: string;
  readonly fingerprint: number;
  /** Kinds of events that the tapes hold of it. */
  readonly recorded: ReadonlySet<Channel>;
  /** A ring: minute number modulo its length. Most symbols do not trade every minute, so its places fill as they are needed. */
  readonly #minutes: (Minute | undefined)[];
  /** The newest minute that traded. */
  latest: Minute;
  day: DayRow | undefined;
  /** True once a trade was seen: from then on its day is made of trades, not of recorded bars. */
  traded = false;

  constructor({ market, symbol, recorded }: Ticker, minutes: number) {
    this.recorded = recorded;
    this.market = market;
    this.symbol = symbol;
    this.fingerprint = fingerprintOf(symbol);
    this.latest = new Minute(this);
    this.#minutes = Array.from({ length: minutes }, () => undefined);
  }

  minute(number: number): Minute {
    return (this.#minutes[number % this.#minutes.length] ??= new Minute(this));
  }

  /** The day up to the end of that minute: what came in later minutes is taken off again. */
  dayUntil(minute: Minute): DayNumbers {
    const row = this.day;
    if (row === undefined || minute.start < row.day.start) return noDay;
    let { volume, money, shares } = row.tally;
    for (const other of this.#minutes) {
      if (other === undefined || other.number <= minute.number) continue;
      volume -= other.tally.volume;
      money -= other.tally.money;
      shares -= other.tally.shares;
    }
    const { open } = row.tally;
    return {
      volume,
      open: open === 0 ? undefined : open,
      vwap: shares > 0 ? average(money / shares) : undefined,
    };
  }
}
