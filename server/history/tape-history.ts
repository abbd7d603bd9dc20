import type { Clock } from '../../market/clock.ts';
import type { Bar, BarKind, Channel, Nanos, News } from '../../market/event.ts';
import { floorTo, minute } from '../../market/nanos.ts';
import type { Deck } from '../deck.ts';
import type { Chapter, History, Period, Span } from '../exchanges/exchange.ts';
import type { Selection } from '../sources/source.ts';
import type { Stretch, Timestamps } from '../deck/stamps.ts';
import type { Timeline } from '../timeline.ts';
import { BarShelf } from './bar-shelf.ts';
import { newestFirst } from './newest-first.ts';

export interface HistoryOptions {
  readonly timeline: Timeline;
  /** The exchange whose bars are told. */
  readonly exchange: string;
  readonly deck: Pick<Deck, 'progress' | 'position'>;
  /** Where the deck starts, when that is not the start of the tape. */
  readonly startAt: Nanos | undefined;
  readonly timestamps: Timestamps;
  readonly clock: Clock;
}

/**
 * What one deck has played, read anew from its tapes: the same events, the same bars and the same times as on the stream, and
 * nothing after the needle. Where every event is stamped with its sending, times are as near as one shift can bring them.
 */
export class TapeHistory implements History {
  readonly listed: History['listed'];
  readonly #options: HistoryOptions;
  readonly #shelf: BarShelf;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#shelf = new BarShelf(options.timeline, options.exchange);
    this.listed = options.timeline.listed;
  }

  get now(): Nanos {
    const { deck } = this.#options;
    const last = this.#played.at(-1);
    if (last === undefined) return this.#start + this.#firstShift;
    const needle = deck.position ?? last.to;
    return (needle > last.to ? needle : last.to) + last.shift;
  }

  get shift(): Nanos {
    return this.#played.at(-1)?.shift ?? this.#firstShift;
  }

  async *events(span: Span, channels: readonly Channel[], signal: AbortSignal): AsyncGenerator<Chapter> {
    for await (const { events, shift } of this.#told(span, { symbols: [span.symbol], channels }, signal)) {
      const ofMarket = events.filter((event) => event.market === span.market);
      if (ofMarket.length > 0) yield { events: ofMarket, shift };
    }
  }

  async *news(period: Period, signal: AbortSignal): AsyncGenerator<Chapter<News>> {
    for await (const { events, shift } of this.#told(period, { channels: ['news'] }, signal)) {
      yield { events: events.filter((event) => event.kind === 'news'), shift };
    }
  }

  async *bars(span: Span, length: 'second' | 'minute' | 'day', signal: AbortSignal): AsyncGenerator<Chapter<Bar>> {
    const { market, symbol } = span;
    for (const stretch of this.#stretches(span)) {
      const { shift } = stretch;
      const [first, last] = [span.from - shift, span.to - shift];
      const starts = [...this.#shelf.days(market, first, earlier(last, stretch.to))];
      for (const start of span.newestFirst ? starts.toReversed() : starts) {
        const day = await this.#shelf.day(market, symbol, start, signal);
        if (signal.aborted) return;
        const published = between(day, 'at', stretch.from, stretch.to);
        const valid = length === 'day' ? lastOf(published) : latestOf(published, kindsOf[length]);
        const events = between(valid, 'start', first, last);
        if (events.length > 0) yield { events: span.newestFirst ? events.toReversed() : events, shift };
      }
    }
  }

  async *#told(period: Period, part: Selection, signal: AbortSignal): AsyncGenerator<Chapter> {
    const { timeline, exchange } = this.#options;
    for (const { from, to, shift } of this.#stretches(period)) {
      const first = later(period.from - shift, from);
      const last = earlier(period.to - shift, to);
      const selection = { ...part, from: first, to: last + 1n };
      const pages = period.newestFirst
        ? newestFirst((window) => timeline.part({ ...selection, ...window }, exchange, signal), first, last)
        : timeline.part(selection, exchange, signal);
      for await (const events of pages) yield { events, shift };
    }
  }

  /** Where the deck begins. */
  get #start(): Nanos {
    return this.#options.startAt ?? this.#options.timeline.from;
  }

  /** The shift the first event will have, if it leaves now. */
  get #firstShift(): Nanos {
    const { clock, timestamps } = this.#options;
    if (timestamps === 'original') return 0n;
    const span = clock.now() - this.#start;
    return timestamps === 'now' ? span : floorTo(span, minute);
  }

  /** Before the first event: what lies before the place where the deck will start. */
  get #played(): readonly Readonly<Stretch>[] {
    const { deck, timeline } = this.#options;
    if (deck.progress.played.length > 0 || this.#start <= timeline.from) return deck.progress.played;
    return [{ from: timeline.from, to: this.#start - 1n, shift: this.#firstShift }];
  }

  /** What has been played and may show in the span, in its order, each as far as a feed so far behind has come. */
  #stretches(span: Period): Readonly<Stretch>[] {
    const shown = this.#played
      .map((stretch) => ({ ...stretch, to: stretch.to - span.lag }))
      .filter(({ from, to, shift }) => from <= to && span.from <= to + shift && span.from <= span.to);
    return span.newestFirst ? shown.toReversed() : shown;
  }
}

/** The bars, which are in the order of one of their instants, as far as it lies between two, both inclusive. */
function between(bars: readonly Bar[], instant: 'at' | 'start', from: Nanos, to: Nanos): readonly Bar[] {
  const [first, last] = [bars[0], bars.at(-1)];
  // Most days are asked for whole.
  if (first === undefined || last === undefined || (first[instant] >= from && last[instant] <= to)) return bars;
  return bars.filter((bar) => bar[instant] >= from && bar[instant] <= to);
}

/** Kinds of the bars of a length, those that change one included. */
const kindsOf: Readonly<Record<'second' | 'minute', readonly BarKind[]>> = {
  second: ['second-bar'],
  minute: ['bar', 'updated-bar'],
};

/** Bars of one length, oldest start first, each as it was last published: most come in order, and a change soon after its bar. */
function latestOf(bars: readonly Bar[], kinds: readonly BarKind[]): Bar[] {
  const latest: Bar[] = [];
  for (const bar of bars) {
    if (!kinds.includes(bar.kind)) continue;
    let place = latest.length;
    while (place > 0 && (latest[place - 1]?.start ?? 0n) > bar.start) place--;
    const isChange = latest[place - 1]?.start === bar.start;
    if (isChange) latest[place - 1] = bar;
    else if (place === latest.length) latest.push(bar);
    else latest.splice(place, 0, bar);
  }
  return latest;
}

/** The day as it was last published, if it was. */
function lastOf(bars: readonly Bar[]): Bar[] {
  const last = bars.findLast(({ kind }) => kind === 'daily-bar');
  return last === undefined ? [] : [last];
}

const later = (one: Nanos, other: Nanos): Nanos => (one > other ? one : other);
const earlier = (one: Nanos, other: Nanos): Nanos => (one < other ? one : other);
