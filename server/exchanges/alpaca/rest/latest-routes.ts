import { z } from 'zod';
import type { MarketEvent, Nanos } from '../../../../market/event.ts';
import {
  type Access,
  type ByteWriter,
  type Last,
  Latest,
  type RestAnswer,
  type RestRequest,
  type Route,
} from '../../exchange.ts';
import { keyOf, refused, written } from './answers.ts';
import { type Feed, latestFeed, latestFeeds, optionFeeds } from './feeds.ts';
import { newestRows } from './newest-rows.ts';
import { type Place, shapes } from './places.ts';
import { choice, foreign, read, stockFrame, symbols } from './query.ts';
import { cryptoRows, optionRows, type RowWriter, stockRows } from './rows.ts';

/** What is asked for: under which names it is told, and where it is found. */
interface Thing {
  readonly plural: string;
  readonly singular: string;
  find(latest: Latest): Promise<Last<MarketEvent> | undefined>;
}

const trades: Thing = { plural: 'trades', singular: 'trade', find: (latest) => latest.trade() };
const quotes: Thing = { plural: 'quotes', singular: 'quote', find: (latest) => latest.quote() };
const bars: Thing = { plural: 'bars', singular: 'bar', find: (latest) => latest.minuteBar() };
const books: Thing = { plural: 'orderbooks', singular: 'orderbook', find: (latest) => latest.book() };

/** The newest trade, quote, bar or order book of each symbol, in an object by symbol (sheet §7). */
export function latestRoutes(lagOf: (feed: Feed) => Nanos): readonly Route[] {
  const stocks = (thing: Thing): Route[] => {
    const answer = answerOf('stocks', thing, stockRows(), lagOf);
    return [`/v2/stocks/${thing.plural}/latest`, `/v2/stocks/:symbol/${thing.plural}/latest`].map((path) => ({
      method: 'GET',
      path,
      answer,
    }));
  };
  const crypto = (thing: Thing): Route => ({
    method: 'GET',
    path: `/v1beta3/crypto/:loc/latest/${thing.plural}`,
    keyless: true,
    answer: answerOf('crypto', thing, cryptoRows(), lagOf),
  });
  const options = (thing: Thing): Route => ({
    method: 'GET',
    path: `/v1beta1/options/${thing.plural}/latest`,
    answer: answerOf('options', thing, optionRows(), lagOf),
  });
  return [
    ...[trades, quotes, bars].flatMap(stocks),
    ...[trades, quotes, bars, books].map(crypto),
    ...[trades, quotes].map(options),
  ];
}

/** What a request for the latest may say beside its symbols. */
export function latestFrame(place: Place) {
  return {
    currency: place === 'stocks' ? stockFrame.currency : foreign,
    feed: feedFields[place],
  };
}

const feedFields = {
  stocks: choice('feed', latestFeeds).optional(),
  options: choice('feed', optionFeeds).optional(),
  crypto: foreign,
} as const;

/** The feed that a request means; none for crypto, which is open to all. */
export function feedOf(
  place: Place,
  asked: Feed | undefined,
  access: Access,
): { readonly feed: Feed | undefined } | { readonly refusal: RestAnswer } {
  if (place === 'crypto') return { feed: undefined };
  return place === 'stocks'
    ? latestFeed<Feed>(asked, 'sip', 'iex', access)
    : latestFeed<Feed>(asked, 'opra', 'indicative', access);
}

function answerOf(
  place: Place,
  thing: Thing,
  write: RowWriter<MarketEvent>,
  lagOf: (feed: Feed) => Nanos,
): Route['answer'] {
  const shape = z.strictObject({ ...latestFrame(place), symbols: symbols(shapes[place]) });
  return async (request: RestRequest, access: Access): Promise<RestAnswer> => {
    const given = read(shape, request);
    if ('refusal' in given) return given.refusal;
    const meant = feedOf(place, given.asked.feed, access);
    if ('refusal' in meant) return meant.refusal;
    const lag = meant.feed === undefined ? 0n : lagOf(meant.feed);
    const find = (symbol: string): ReturnType<Thing['find']> =>
      thing.find(new Latest(access.history, place, symbol, lag, request.signal));
    const telling = newestRows(write, access);
    const { symbol } = request.params;
    if (symbol === undefined) return written((out) => writeAll(thing, given.asked.symbols, find, telling, out));
    const found = await find(symbol);
    if (found === undefined) return refused(404, `no ${thing.singular} found for ${symbol}`);
    return written((out) => {
      out.utf8(`{${keyOf('symbol')}${JSON.stringify(symbol)},${keyOf(thing.singular)}`);
      telling(found.event, found.shift, out);
      out.u8(0x7d);
    });
  };
}

/** Symbols of which there is nothing are left out. */
async function writeAll(
  thing: Thing,
  names: readonly string[],
  find: (symbol: string) => ReturnType<Thing['find']>,
  write: RowWriter<MarketEvent>,
  out: ByteWriter,
): Promise<void> {
  out.utf8(`{${keyOf(thing.plural)}{`);
  let separator = '';
  for (const symbol of names) {
    const found = await find(symbol);
    if (found === undefined) continue;
    out.utf8(`${separator}${keyOf(symbol)}`);
    write(found.event, found.shift, out);
    separator = ',';
  }
  out.utf8('}}');
}
