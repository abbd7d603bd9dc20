import { z } from 'zod';
import type { MarketEvent, Nanos, Price } from '../../../../market/event.ts';
import { day, second } from '../../../../market/nanos.ts';
import type { History, Route } from '../../exchange.ts';
import { noValues, unknownSymbol } from '../texts.ts';
import { whole } from './answers.ts';
import { answered, answerEach, type Desk } from './batch.ts';
import { fixed, usualDecimals } from './decimals.ts';
import { zoneOf } from './hours.ts';
import { common, creditsOf, instantOf, read, timezone, wallTime } from './query.ts';
import type { Subject } from './subjects.ts';

/** A price, and when it was one on the wire. */
export interface LastPrice {
  readonly price: number;
  readonly at: Nanos;
  /** What it was told as. */
  readonly channel: 'price' | 'bar';
}

/** The last price up to an instant: as it was streamed, or the close of the last bar of a tape that holds nothing else. */
export async function lastPrice(
  { market, symbol }: Subject,
  history: History,
  to: Nanos,
  signal: AbortSignal,
): Promise<LastPrice | undefined> {
  const span = { market, symbol, from: 0n, to, lag: 0n, newestFirst: true };
  for await (const { events, shift } of history.events(span, ['price'], signal)) {
    const last = events.find(isPrice);
    if (last !== undefined) return { price: last.price, at: last.at + shift, channel: 'price' };
  }
  for await (const { events, shift } of history.bars(span, 'minute', signal)) {
    const [last] = events;
    if (last !== undefined) return { price: last.close, at: last.start + shift, channel: 'bar' };
  }
  return undefined;
}

const isPrice = (event: MarketEvent): event is Price => event.kind === 'price';

/** The last price alone (sheet §5). */
export function priceRoute(desk: Desk): Route {
  const shape = z.object(common);
  return {
    method: 'GET',
    path: '/price',
    cost: (request) => creditsOf(request),
    answer: (request, access) =>
      answered(read(shape, request), desk, (asked) =>
        answerEach(asked, desk, access, async (subject) => {
          const { history } = access;
          const last = await lastPrice(subject, history, history.now, request.signal);
          if (last === undefined) return noValues;
          access.scribe?.(subject, last.channel, last.at, true);
          return whole({ price: fixed(last.price, asked.dp ?? usualDecimals) });
        }),
      ),
  };
}

/** The rate of a pair, as a number: the last, or that of a date (sheet §5). */
export function exchangeRateRoute(desk: Desk): Route {
  const shape = z.object({ ...common, timezone, date: wallTime('date') });
  return {
    method: 'GET',
    path: '/exchange_rate',
    cost: (request) => creditsOf(request),
    answer: (request, access) =>
      answered(read(shape, request), desk, (asked) =>
        answerEach(asked, desk, access, async (subject) => {
          const { history } = access;
          if (subject.instrument.base === undefined) return unknownSymbol;
          const { date, dp } = asked;
          const to = date === undefined ? history.now : instantOf(date, asked.timezone ?? zoneOf(subject));
          // A date alone means its last rate (inferred).
          const until = date?.time === '00:00:00' ? to + day - 1n : to;
          const last = await lastPrice(subject, history, until < history.now ? until : history.now, request.signal);
          if (last === undefined) return noValues;
          access.scribe?.(subject, last.channel, last.at, true);
          const rate = dp === undefined ? last.price : Number(fixed(last.price, dp));
          return whole({ symbol: subject.symbol, rate, timestamp: Number(last.at / second) });
        }),
      ),
  };
}
