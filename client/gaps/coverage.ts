import type { Channel, MarketEvent, Nanos } from '../../market/event.ts';
import { floorTo, hour, minute } from '../../market/nanos.ts';
import type { Wants } from '../wants.ts';
import type { GapSettings } from './settings.ts';

/** What was not heard of one subscription, in market time; both ends belong to it. */
export interface Gap {
  readonly channel: Channel;
  readonly symbol: string;
  readonly from: Nanos;
  readonly to: Nanos;
}

/** One subscription's thread of events. */
interface Thread {
  readonly channel: Channel;
  readonly symbol: string;
  /** Since when all of it is known, or asked for; `undefined` as long as the feed said nothing at all. */
  since: Nanos | undefined;
  /** Time of the newest event; `undefined` before the first. */
  newest: Nanos | undefined;
  /** Whether the vendor has confirmed that it sends it. */
  covered: boolean;
  /** Where it was lost, while nothing proves that it is heard again. */
  lostFrom: Nanos | undefined;
  /** Up to where it is asked for though nothing was heard since: silence does not prove that it is heard again. */
  doubtFrom: Nanos | undefined;
}

/** Threads at most; the symbols of a wildcard beyond them are heard, but their gaps are not known. */
const mostThreads = 100_000;
const everything = '*';
/** A market whose time falls back this far has begun anew, as a tape does that plays again; late events are less late. */
const restart: Nanos = hour;

/**
 * Knows what a feed heard and what it did not. A gap begins with the newest event heard, which others of the same instant may have
 * followed, and ends where the next connection's first event proves that it is heard again: the vendors replay nothing (alpaca.md §2.3,
 * polygon.md §2). All in market time, so that it holds for a market that plays at another hour or speed.
 */
export class Coverage {
  readonly #settings: GapSettings;
  readonly #threads = new Map<Channel, Map<string, Thread>>();
  #count = 0;
  /** Channels of which every symbol is sent. */
  readonly #wild = new Set<Channel>();
  /** The newest event of all: the market's time as far as it is known. */
  #newest: Nanos | undefined;
  /** Threads that are covered again and whose gaps have no end yet. */
  readonly #returning = new Set<Thread>();
  /** Threads whose gaps were ended by the clock, until something is heard. */
  readonly #doubtful = new Set<Thread>();

  constructor(settings: GapSettings) {
    this.#settings = settings;
  }

  /** The market's time when something was heard last; `undefined` before anything was. */
  get newest(): Nanos | undefined {
    return this.#newest;
  }

  /** Whether gaps wait for a sign that the market is heard again. */
  get isReturning(): boolean {
    return this.#returning.size > 0;
  }

  /**
   * What is known from an earlier life: the newest event that is stored, or where a gap began. What came since is a gap, from the start of the
   * minute before, so that the bar under way is whole, and so is the one whose turn it was to be told. Told twice, the earlier counts.
   */
  seed(channel: Channel, symbol: string, newest: Nanos): void {
    const thread = this.#thread(channel, symbol);
    if (thread === undefined || thread.covered) return;
    const from = floorTo(newest, minute) - minute;
    if (thread.lostFrom !== undefined && thread.lostFrom <= from) return;
    Object.assign(thread, { newest, since: from, lostFrom: from });
  }

  /** Whether all of a subscription is known since then: heard, or missing and known to be. */
  knowsSince(channel: Channel, symbol: string, from: Nanos): boolean {
    const since = this.#threads.get(channel)?.get(symbol)?.since;
    return since !== undefined && since <= from;
  }

  /** Since when a subscription is missing whose end nobody knows yet, or may be; `undefined` when it is not. */
  lostFrom(channel: Channel, symbol: string): Nanos | undefined {
    const thread = this.#threads.get(channel)?.get(symbol);
    return thread?.lostFrom ?? thread?.doubtFrom;
  }

  /** The vendor sends these from now on. */
  covered(wants: Wants): void {
    this.#each(wants, true, (thread) => {
      thread.covered = true;
      thread.since ??= this.#newest;
      if (thread.lostFrom !== undefined) this.#returning.add(thread);
    });
  }

  /** Nothing more comes of these. `mute`: they fell silent by themselves, with their last event. */
  lost(wants: Wants, why: 'ended' | 'mute'): void {
    this.#each(wants, false, (thread) => {
      this.#returning.delete(thread);
      this.#doubtful.delete(thread);
      if (!thread.covered) return;
      thread.covered = false;
      // Lost once more before anything was heard: it is still the first gap.
      thread.lostFrom ??= thread.doubtFrom ?? (why === 'mute' ? (thread.newest ?? this.#newest) : this.#edge(thread));
      thread.doubtFrom = undefined;
    });
  }

  /** No longer wanted: what is missing of it is nobody's loss. */
  forget(wants: Wants): void {
    this.#each(wants, false, (thread) => {
      this.#returning.delete(thread);
      this.#doubtful.delete(thread);
      if (this.#threads.get(thread.channel)?.delete(thread.symbol) === true) this.#count--;
    });
  }

  /** Takes what the stream said; returns the gaps that it ends. */
  heard(events: readonly MarketEvent[]): Gap[] {
    const before = this.#newest;
    let first: Nanos | undefined;
    for (const event of events) {
      const thread = this.#threads.get(event.kind)?.get(event.symbol) ?? this.#met(event);
      first ??= event.at;
      if (isNews(event.at, this.#newest)) this.#newest = event.at;
      if (thread === undefined || !isNews(event.at, thread.newest)) continue;
      thread.newest = event.at;
      // The feed's very first words: what came before them in this instant may have been missed.
      thread.since ??= before ?? first;
    }
    if (this.#returning.size + this.#doubtful.size === 0 || first === undefined) return [];
    // A straggler older than all that was heard before proves nothing: what lies between is still missing.
    return before !== undefined && !isNews(first, before - 1n)
      ? []
      : this.#end([...this.#returning, ...this.#doubtful], first);
  }

  /** Ends the gaps of all that is covered again at this time of the market, by the clock. What is heard next will tell whether it was right. */
  reckon(at: Nanos): Gap[] {
    const returning = [...this.#returning];
    const gaps = this.#end(returning, at);
    for (const thread of returning) {
      thread.doubtFrom = at;
      this.#doubtful.add(thread);
    }
    return gaps;
  }

  #end(threads: readonly Thread[], at: Nanos): Gap[] {
    const { overlap } = this.#settings;
    const gaps: Gap[] = [];
    for (const thread of threads) {
      const { channel, symbol } = thread;
      const from = thread.lostFrom ?? thread.doubtFrom;
      thread.lostFrom = thread.doubtFrom = undefined;
      this.#returning.delete(thread);
      this.#doubtful.delete(thread);
      if (from !== undefined && from <= at) gaps.push({ channel, symbol, from: from - overlap, to: at + overlap });
    }
    return gaps;
  }

  /** What is missing and whose end nobody knows yet. */
  open(): { readonly channel: Channel; readonly symbol: string; readonly from: Nanos }[] {
    return [...this.#threads.values()].flatMap((threads) =>
      [...threads.values()].flatMap(({ channel, symbol, lostFrom }) =>
        lostFrom === undefined ? [] : [{ channel, symbol, from: lostFrom }],
      ),
    );
  }

  /** Where the gap of a thread begins that was lost with others: its own silence until then was the market's, up to a while before the end. */
  #edge({ newest }: Thread): Nanos | undefined {
    if (this.#newest === undefined) return undefined;
    const floor = this.#newest - this.#settings.silence;
    return newest === undefined || newest < floor ? floor : newest;
  }

  #each(wants: Wants, make: boolean, call: (thread: Thread) => void): void {
    for (const [channel, symbols] of wants) {
      const isWild = symbols.has(everything);
      if (isWild && make) this.#wild.add(channel);
      const named = isWild ? (this.#threads.get(channel)?.keys() ?? []) : symbols;
      for (const symbol of [...named]) {
        const thread = make ? this.#thread(channel, symbol) : this.#threads.get(channel)?.get(symbol);
        if (thread !== undefined) call(thread);
      }
    }
  }

  /** The thread of a symbol that nobody named: it came by a wildcard, or unasked. */
  #met(event: MarketEvent): Thread | undefined {
    if (!this.#wild.has(event.kind)) return undefined;
    const thread = this.#thread(event.kind, event.symbol);
    if (thread !== undefined) thread.covered = true;
    return thread;
  }

  #thread(channel: Channel, symbol: string): Thread | undefined {
    const threads = this.#threads.get(channel) ?? new Map<string, Thread>();
    this.#threads.set(channel, threads);
    const known = threads.get(symbol);
    if (known !== undefined || this.#count >= mostThreads) return known;
    const thread: Thread = {
      channel,
      symbol,
      since: undefined,
      newest: undefined,
      covered: false,
      lostFrom: undefined,
      doubtFrom: undefined,
    };
    threads.set(symbol, thread);
    this.#count++;
    return thread;
  }
}

const isNews = (at: Nanos, newest: Nanos | undefined): boolean =>
  newest === undefined || at > newest || newest - at > restart;
