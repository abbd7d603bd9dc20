import { Buckets } from '../../../../market/bucket.ts';
import { minute } from '../../../../market/nanos.ts';
import type { Bar, Channel, MarketEvent, Nanos, News } from '../../../../market/event.ts';
import { folded, type History } from '../../exchange.ts';
import { barStarts } from '../bar-start.ts';
import { auctionDays, type AuctionDay, writeAuctionDay } from './auctions.ts';
import { type Place, zones } from './places.ts';
import type { RowWriter } from './rows.ts';
import type { Timeframe } from './timeframe.ts';
import type { Series } from './walk.ts';

/** A day's bar carries the midnight of its publishing, which a shift may have moved from that of the tape by up to a day. */
const slack: Nanos = 26n * 60n * minute;

/** Made once: a time zone is dear to make, and remembers what it has looked up. */
export const startsOf = { 'America/New_York': barStarts('America/New_York'), UTC: barStarts('UTC') } as const;

const happened = (event: MarketEvent, shift: Nanos): Nanos => event.at + shift;

/** Trades or quotes, as they were streamed. */
export function ticks(
  kind: Extract<Channel, 'trade' | 'quote'>,
  history: History,
  write: RowWriter<MarketEvent>,
): Series<MarketEvent> {
  return {
    letter: kind === 'trade' ? 'T' : 'Q',
    read: (span, signal) => history.events(span, [kind], signal),
    stamp: happened,
    write,
    tell: (event, shift, scribe) => scribe(event, kind, happened(event, shift)),
  };
}

/** Opening and closing prints, a row for each day that has some. */
export function auctions(history: History): Series<AuctionDay> {
  return {
    letter: 'A',
    read: (span, signal) => auctionDays(history.events(span, ['trade'], signal)),
    stamp: ({ at }) => at,
    write: writeAuctionDay,
    tell(day, _shift, scribe) {
      const prints = new Map([...day.opening, ...day.closing].map(({ trade, at }) => [trade, at]));
      for (const [trade, at] of prints) scribe(trade, 'trade', at, true);
    },
  };
}

/** News of all symbols or of some, in the order of publication. */
export function newsItems(history: History, wanted: (item: News) => boolean, write: RowWriter<News>): Series<News> {
  return {
    letter: 'N',
    async *read(span, signal) {
      for await (const { events, shift } of history.news(span, signal)) yield { events: events.filter(wanted), shift };
    },
    stamp: happened,
    write,
    tell: (item, shift, scribe) => scribe(item, 'news', happened(item, shift), true),
  };
}

/** Bars that start in the span, each whole, however far it reaches beyond; of the last one what has been played. */
export function bars(
  place: Place,
  { length, base }: Timeframe,
  history: History,
  write: RowWriter<MarketEvent>,
): Series<Bar> {
  const startOf = startsOf[place === 'crypto' ? 'UTC' : 'America/New_York'];
  const buckets = new Buckets(length, zones[place]);
  const lead = base === 'day' ? slack : 0n;
  const isBase = length === (base === 'day' ? '1d' : '1m');
  return {
    letter: base === 'day' ? 'D' : 'M',
    read(span, signal) {
      const end = buckets.end(buckets.start(span.to)) - 1n;
      const chapters = history.bars({ ...span, from: span.from - lead, to: end + lead }, base, signal);
      return isBase ? chapters : folded(chapters, buckets, startOf, span.newestFirst);
    },
    stamp: startOf,
    write,
    // Longer bars are made of several that streams tell.
    tell(bar, shift, scribe) {
      if (isBase) scribe(bar, base === 'day' ? 'daily-bar' : 'bar', startOf(bar, shift));
    },
  };
}
