import {
  isQuote,
  isTrade,
  type Bar,
  type FairValue,
  type MarketEvent,
  type Quote,
  type Trade,
  type Value,
} from '../../../../market/event.ts';
import { type Access, type Last, Latest, type RestRequest } from '../../exchange.ts';
import { baseBars } from './base-bars.ts';
import type { Sight } from './entitlement.ts';
import { minuteOf } from './snapshots.ts';
import type { Instrument } from './tickers.ts';
import { tellBar, tellEvent } from './told.ts';

/** What is known of a ticker at the moment, as far as the asker's plan has it. */
export interface Overview {
  /** The newest day that has a bar, and the close of the one before it. */
  readonly session: Bar | undefined;
  readonly previousClose: number | undefined;
  readonly minute: Bar | undefined;
  readonly trade: Last<Trade> | undefined;
  readonly quote: Last<Quote> | undefined;
  readonly value: Last<Value> | undefined;
  readonly fairValue: Last<FairValue> | undefined;
}

/** Takes down that an answer tells it. */
export function tellOverview(overview: Overview, access: Access): void {
  const { session, minute, trade, quote, value, fairValue } = overview;
  tellBar(session, 'daily-bar', access);
  tellBar(minute, 'bar', access);
  for (const last of [trade, quote, value, fairValue]) tellEvent(last, access);
}

/** Looks a ticker over; `undefined` when nothing of it has been played yet. */
export async function overviewOf(
  instrument: Instrument,
  sight: Sight,
  access: Access,
  request: Pick<RestRequest, 'signal'>,
): Promise<Overview | undefined> {
  const { market, symbol } = instrument;
  const { history, channels } = access;
  const latest = new Latest(history, market, symbol, sight.lag, request.signal);
  const newest = async <Event extends MarketEvent>(kind: Event['kind'], is: (event: MarketEvent) => event is Event) =>
    channels?.includes(kind) === false ? undefined : await latest.newest(kind, is);
  const [session, before] = await newestDays(instrument, sight, access, request);
  const overview = {
    session,
    previousClose: before?.close,
    minute: market === 'indices' ? undefined : await minuteOf(instrument, sight, access, request.signal),
    trade: market === 'forex' ? undefined : await newest('trade', isTrade),
    quote: market === 'crypto' ? undefined : await newest('quote', isQuote),
    value: market === 'indices' ? await newest('value', isValue) : undefined,
    fairValue: await newest('fair-value', isFairValue),
  };
  return Object.values(overview).every((part) => part === undefined) ? undefined : overview;
}

const isValue = (event: MarketEvent): event is Value => event.kind === 'value';
const isFairValue = (event: MarketEvent): event is FairValue => event.kind === 'fair-value';

/** The two newest days that have a bar, newest first. */
async function newestDays(
  { market, symbol }: Instrument,
  { lag, until }: Sight,
  { history }: Access,
  { signal }: Pick<RestRequest, 'signal'>,
): Promise<readonly Bar[]> {
  const span = { market, symbol, from: 0n, to: until, lag, newestFirst: true };
  const { chapters, startOf } = baseBars(history, span, 'day', signal);
  const days: Bar[] = [];
  for await (const { events, shift } of chapters) {
    for (const bar of events) {
      const start = startOf(bar, shift);
      if (start <= until && days.push({ ...bar, start }) === 2) return days;
    }
  }
  return days;
}
