import type { Market, MarketEvent, Nanos } from '../../market/event.ts';
import { milli } from '../../market/nanos.ts';
import type { StalenessSettings } from '../staleness-settings.ts';

/** From then on a rhythm is known: so many events, in so many different seconds, as one burst says nothing. */
const knownEvents = 20;
const knownSeconds = 4;
/** From then on it is known well enough to give a connection up for it. */
const wellKnownSeconds = 60;
/** What is left of the longest silence after each second in which something came: half of it after two hours of them. */
const memory = 0.9999;
/** Times that patience doubles at most. */
const mostDoublings = 8;

/** What a market does at an hour: regular trading, the hours around it, or none by its calendar. */
export type Hour = 'regular' | 'extended' | 'shut';

/** How often something came in hours of a kind. */
interface Pace {
  events: number;
  seconds: number;
  /** Milliseconds. */
  longest: number;
}
const unheard = (): Pace => ({ events: 0, seconds: 0, longest: 0 });

/** How often something comes: one subscription's data, or a whole market's. Times are in milliseconds of the client's clock. */
export class Rhythm {
  /** Where it was last heard. */
  market: Market;
  /** Silent since then. */
  since = 0;
  /** Whether the vendor is to send it. */
  isAwaited = false;
  /** How often its silence was acted on since it was last heard. */
  alarms = 0;
  /** Each kind of hour has a pace of its own: what is lively by day is rare in the evening. */
  readonly #paces: Readonly<Record<Hour, Pace>> = { regular: unheard(), extended: unheard(), shut: unheard() };
  #hour: Hour = 'regular';
  #pace = this.#paces.regular;
  #second = -1;
  #heardAt: number | undefined;
  #at: Nanos | undefined;
  #stampedAt = 0;
  #volume = -1;
  /** The price of this instant that came last. */
  #said = '';

  constructor(market: Market) {
    this.market = market;
  }

  begin(now: number): void {
    this.isAwaited = true;
    this.since = now;
  }

  end(): void {
    this.isAwaited = false;
    this.#heardAt = undefined;
  }

  /** Its market's hour is of this kind since then: a silence before that says nothing. */
  enter(hour: Hour, since: number): void {
    if (hour === this.#hour) return;
    this.#hour = hour;
    this.#pace = this.#paces[hour];
    this.#heardAt = undefined;
    if (since > this.since) this.since = since;
  }

  /** Takes an event for a sign of life, unless it says the same as the one before. Says whether it was one. */
  hear(event: MarketEvent, now: number): boolean {
    if (event.kind === 'daily-bar') {
      if (event.volume === this.#volume) return false;
      this.#volume = event.volume;
    } else if (event.at === this.#at && !this.#isTick(event)) return false;
    this.market = event.market;
    this.beat(now, event.at);
    return true;
  }

  /** Where prices are stamped with whole seconds, several of one second are different ones when they say different things. */
  #isTick(event: MarketEvent): boolean {
    if (event.kind !== 'price') return false;
    const said = `${event.price} ${event.dayVolume}`;
    const isNew = said !== this.#said;
    this.#said = said;
    return isNew;
  }

  beat(now: number, at: Nanos): void {
    this.#at = at;
    this.#stampedAt = now;
    const pace = this.#pace;
    pace.events++;
    if (this.#heardAt === now) return;
    const silence = this.#heardAt === undefined ? 0 : now - this.#heardAt;
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      pace.seconds++;
      pace.longest *= memory;
    }
    if (silence > pace.longest) pace.longest = silence;
    this.#heardAt = now;
    this.since = now;
    this.alarms = 0;
  }

  alarm(now: number): void {
    this.alarms++;
    this.since = now;
  }

  get isKnown(): boolean {
    return this.#pace.events >= knownEvents && this.#pace.seconds >= knownSeconds;
  }
  get isWellKnown(): boolean {
    return this.isKnown && this.#pace.seconds >= wellKnownSeconds;
  }

  silence(now: number): number {
    return now - this.since;
  }

  /** The time that its market has come to, as far as it is known. */
  marketTime(now: number): Nanos | undefined {
    return this.#at === undefined ? undefined : this.#at + BigInt(now - this.#stampedAt) * milli;
  }

  /**
   * How long a silence is its own. Where the calendar knows of no trading only what has been heard in such hours is missed: a recorded day
   * may be stamped with the time of its replay. An answer to the first alarm should come in half the time; later ones have twice as much each.
   */
  patience({ times, least, most, unknown }: StalenessSettings): number {
    const own = Math.min(Math.max(times * this.#pace.longest, Number(least / milli)), Number(most / milli));
    const guess = this.#hour === 'regular' ? Number(unknown / milli) : Infinity;
    const first = this.isKnown ? own : guess;
    if (this.alarms === 0) return first;
    return this.alarms === 1 ? first / 2 : first * 2 ** Math.min(this.alarms - 1, mostDoublings);
  }
}
