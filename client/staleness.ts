/**
 * Notices a feed that is mute: pings are answered and no data comes. Each subscription is judged by its own rhythm, so that a rare one is
 * not taken for dead and a lively one is missed soon, and by that of the hour: regular trading, the hours around it, or none. The calendar is
 * asked by the market's own time, the time of the last event and what has passed since, so that a recorded day may be watched at night. Heartbeats, statuses and
 * repetitions of the same are no signs of life. What is mute is asked for afresh, then the connection is given up, then patience grows.
 */

import type { Channel, Market, MarketEvent, Nanos, Status } from '../market/event.ts';
import { milli } from '../market/nanos.ts';
import { eachOf, type Wants, wantsOf } from './feeds/feed.ts';
import type { MarketHours } from './market-hours.ts';
import { type Hour, Rhythm } from './staleness/rhythm.ts';
import type { StalenessSettings } from './staleness-settings.ts';

/** What is to be done about silence. */
export interface Alarm {
  /** What has been silent for too long. */
  readonly wants: Wants;
  /** When the first of it was last heard, or promised. */
  readonly since: Nanos;
  /** Whether to give the connection up, as to ask afresh has not helped, or all is silent. */
  readonly reconnect: boolean;
}

/** Channels that speak as long as their market does; all others speak when there is something to tell. */
const steady: ReadonlySet<Channel> = new Set<Channel>([
  'trade',
  'quote',
  'second-bar',
  'bar',
  'daily-bar',
  'book',
  'value',
  'price',
  'fair-value',
  'pricing',
]);

/** Trading halts and volatility pauses, and their ends, in the SIPs' codes (Alpaca's sheet §5.3). */
const halting: ReadonlySet<string> = new Set(['H', 'P', '2']);
const resuming: ReadonlySet<string> = new Set(['T', '3']);

/** Watches what one feed should bring. It remembers as many rhythms as there are subscriptions. */
export class Watch {
  readonly #settings: StalenessSettings;
  readonly #hours: MarketHours;
  /** By what is wanted; as many as that. */
  readonly #rhythms = new Map<Channel, Map<string, Rhythm>>();
  /** All that is heard of each market together. */
  readonly #markets = new Map<Market, Rhythm>();
  readonly #usualMarket: Market;
  /** Symbols in whose trading a halt was announced. */
  readonly #halted = new Set<string>();
  /** How many subscriptions should bring data. */
  #awaited = 0;
  #reconnectedAt: number | undefined;
  /** Connections given up for silence since data last came. */
  #reconnects = 0;

  constructor(settings: StalenessSettings, hours: MarketHours, usualMarket: Market) {
    this.#settings = settings;
    this.#hours = hours;
    this.#usualMarket = usualMarket;
  }

  /** The vendor sends these from now on. */
  covered(wants: Wants, at: Nanos): void {
    const now = millisOf(at);
    let awaited = 0;
    for (const [channel, symbol] of eachOf(wants)) {
      if (!steady.has(channel)) continue;
      let symbols = this.#rhythms.get(channel);
      if (symbols === undefined) this.#rhythms.set(channel, (symbols = new Map()));
      let rhythm = symbols.get(symbol);
      if (rhythm === undefined) symbols.set(symbol, (rhythm = new Rhythm(this.#usualMarket)));
      if (!rhythm.isAwaited) awaited++;
      rhythm.begin(now);
    }
    if (this.#awaited === 0 && awaited > 0) {
      this.#marketOf(this.#usualMarket);
      for (const rhythm of this.#markets.values()) rhythm.begin(now);
    }
    this.#awaited += awaited;
    this.#tellHours(now);
  }

  /** The vendor sends these no longer. What is learned of their rhythm stays, unless they are unwanted. */
  lost(wants: Wants, isUnwanted: boolean): void {
    for (const [channel, symbol] of eachOf(wants)) {
      const symbols = this.#rhythms.get(channel);
      const rhythm = symbols?.get(symbol);
      if (rhythm?.isAwaited === true) this.#awaited--;
      rhythm?.end();
      if (!isUnwanted) continue;
      symbols?.delete(symbol);
      this.#halted.delete(symbol);
    }
  }

  /** Data has come. On the hot path. */
  heard(events: readonly MarketEvent[], at: Nanos): void {
    const now = millisOf(at);
    let kind: Channel | undefined;
    let symbols: Map<string, Rhythm> | undefined;
    let all: Rhythm | undefined;
    for (const event of events) {
      if (event.kind !== kind) {
        ({ kind } = event);
        symbols = this.#rhythms.get(kind);
        all = symbols?.get('*');
      }
      if (event.kind === 'status') this.#note(event, now);
      if (symbols === undefined) continue;
      const rhythm = symbols.get(event.symbol);
      // A repetition of the same is no sign of life: Alpaca sends the same daily bar every minute all evening (sheet §5.1).
      const isNews = rhythm?.hear(event, now) ?? all !== undefined;
      all?.hear(event, now);
      if (!isNews) continue;
      // Whatever comes shows that the last reconnect has helped.
      this.#reconnects = 0;
      // A daily bar is stamped with its day, not with the time it came.
      if (kind !== 'daily-bar') this.#marketOf(event.market).beat(now, event.at);
    }
  }

  /** Looks at what has been silent for too long, by the client's clock. */
  look(at: Nanos): Alarm | undefined {
    if (!this.#settings.watch || this.#awaited === 0) return undefined;
    const now = millisOf(at);
    this.#tellHours(now);
    const whole = this.#lookAtAll(now);
    if (whole !== undefined) return this.#reconnect(now, whole);
    const mute: { readonly want: readonly [Channel, readonly string[]]; readonly rhythm: Rhythm }[] = [];
    let isHopeless = false;
    for (const [channel, symbols] of this.#rhythms) {
      for (const [symbol, rhythm] of symbols) {
        if (mute.length >= this.#settings.atOnce) break;
        if (this.#halted.has(symbol) || !this.#isMute(rhythm, now)) continue;
        mute.push({ want: [channel, [symbol]], rhythm });
        isHopeless ||= rhythm.alarms === 1 && rhythm.isWellKnown;
      }
    }
    if (mute.length === 0) return undefined;
    const since = Math.min(...mute.map(({ rhythm }) => rhythm.since));
    if (isHopeless && this.#mayReconnect(now)) return this.#reconnect(now, since);
    for (const { rhythm } of mute) rhythm.alarm(now);
    return { wants: wantsOf(mute.map(({ want }) => want)), since: nanosOf(since), reconnect: false };
  }

  /** Since when all is silent, if it is so for too long: every market that is open, as far as its rhythm is known. */
  #lookAtAll(now: number): number | undefined {
    if (!this.#mayReconnect(now)) return undefined;
    const open = [...this.#markets.values()].filter(
      (rhythm) => rhythm.isAwaited && rhythm.patience(this.#settings) < Infinity,
    );
    const known = open.filter(({ isKnown }) => isKnown);
    const judged = known.length > 0 ? known : open;
    if (judged.length === 0 || !judged.every((rhythm) => this.#isMute(rhythm, now))) return undefined;
    const since = Math.min(...judged.map((rhythm) => rhythm.since));
    for (const rhythm of judged) rhythm.alarm(now);
    return since;
  }

  #isMute(rhythm: Rhythm, now: number): boolean {
    return rhythm.isAwaited && rhythm.silence(now) > rhythm.patience(this.#settings);
  }

  /** Tells every rhythm what its market does at this hour. */
  #tellHours(now: number): void {
    const hours = new Map<Market, { readonly hour: Hour; readonly since: number }>();
    const tell = (rhythm: Rhythm): void => {
      let known = hours.get(rhythm.market);
      if (known === undefined) hours.set(rhythm.market, (known = this.#hourOf(rhythm.market, now)));
      rhythm.enter(known.hour, known.since);
    };
    for (const rhythm of this.#markets.values()) tell(rhythm);
    for (const symbols of this.#rhythms.values()) for (const rhythm of symbols.values()) tell(rhythm);
  }

  /** What the market does at its own time, and since when, by the client's clock. */
  #hourOf(market: Market, now: number): { readonly hour: Hour; readonly since: number } {
    const calendar = this.#hours(market);
    if (calendar === undefined) return { hour: 'regular', since: 0 };
    const time = this.#markets.get(market)?.marketTime(now) ?? nanosOf(now);
    const day = calendar.dayOf(time);
    // When it was shut does not matter: whatever was heard before was heard in other hours.
    if (day === undefined) return { hour: 'shut', since: now };
    const [hour, began]: [Hour, Nanos] =
      time < day.open ? ['extended', day.preOpen] : time < day.close ? ['regular', day.open] : ['extended', day.close];
    return { hour, since: now - millisOf(time - began) };
  }

  #mayReconnect(now: number): boolean {
    const apart = Number(this.#settings.reconnectsApart / milli) * 2 ** Math.max(0, this.#reconnects - 1);
    return this.#reconnectedAt === undefined || now - this.#reconnectedAt >= apart;
  }

  #reconnect(now: number, since: number): Alarm {
    this.#reconnectedAt = now;
    this.#reconnects++;
    const held: (readonly [Channel, readonly string[]])[] = [];
    for (const [channel, symbols] of this.#rhythms) {
      for (const [symbol, rhythm] of symbols) {
        if (!rhythm.isAwaited) continue;
        held.push([channel, [symbol]]);
        if (this.#isMute(rhythm, now)) rhythm.alarm(now);
      }
    }
    return { wants: wantsOf(held), since: nanosOf(since), reconnect: true };
  }

  /** Who is halted has a right to be silent. */
  #note({ symbol, code }: Status, now: number): void {
    const rhythms = [...this.#rhythms.values()].flatMap((symbols) => symbols.get(symbol) ?? []);
    if (halting.has(code) && rhythms.length > 0) this.#halted.add(symbol);
    if (!resuming.has(code) || !this.#halted.delete(symbol)) return;
    for (const rhythm of rhythms) rhythm.since = now;
  }

  #marketOf(market: Market): Rhythm {
    let rhythm = this.#markets.get(market);
    if (rhythm === undefined) this.#markets.set(market, (rhythm = new Rhythm(market)));
    rhythm.isAwaited = true;
    return rhythm;
  }
}

const millisOf = (at: Nanos): number => Number(at / milli);
const nanosOf = (at: number): Nanos => BigInt(at) * milli;
