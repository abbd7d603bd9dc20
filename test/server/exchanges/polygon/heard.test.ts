import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Channel, Market, MarketEvent } from '../../../../market/event.ts';
import { minute, second } from '../../../../market/nanos.ts';
import type { Wire } from '../../../../server/exchanges/exchange.ts';
import { polygon } from '../../../../server/exchanges/polygon/index.ts';
import { bar, book, price as priceOf, quote, trade } from '../../../helpers/events.ts';
import { any, holdHeard, made, maybe, wireOn } from '../../../helpers/heard.ts';

type Kinds = Partial<Record<Channel, fc.Arbitrary<MarketEvent>>>;
const { symbol, pair, contract, price, amount, whole, nanos, millis, text, tape } = any;
const currencies = fc.constantFrom('EUR/USD', 'USD/JPY');
const future = fc.constant('ESZ6');
const venue = fc.constantFrom('A', 'D', 'N', 'P', 'T', 'V', '77');
const sides = (size: fc.Arbitrary<number>) => ({ bidPrice: price, bidSize: size, askPrice: price, askSize: size });
const alone = { conditions: [], tape: undefined } as const;

/** Bars whose mean of prices is their vwap, for clusters that tell none. */
function barOf(
  kind: 'bar' | 'second-bar',
  market: Market,
  of: fc.Arbitrary<string>,
  amounts: { [name: string]: fc.Arbitrary<number | boolean | undefined> } = {},
): fc.Arbitrary<MarketEvent> {
  const length = kind === 'bar' ? minute : second;
  const start = kind === 'bar' ? any.minutes : any.seconds;
  return made(
    { said: fc.record(any.prices), start, symbol: of, more: fc.record(amounts) },
    ({ said, more, ...given }) => {
      const vwap = Number(((said.high + said.low + said.close) / 3).toPrecision(12));
      return bar(kind, given.start, given.start + length, {
        market,
        volume: 0,
        trades: 0,
        vwap,
        ...said,
        ...given,
        ...more,
      });
    },
  );
}
const counted = { volume: fc.constant(1000), averageSize: fc.constant(100), trades: fc.constant(10), vwap: price };
const fairValue = (market: Market, of: fc.Arbitrary<string>): fc.Arbitrary<MarketEvent> =>
  made({ at: nanos, symbol: of, value: price }, (given) => ({ kind: 'fair-value', market, ...given }));

function launchpad(path: string): Wire {
  const stream = polygon.open(polygon.options.parse({ launchpad: true })).streams.find((one) => one.path === path);
  if (stream === undefined) throw new Error(`Launchpad has no ${path}`);
  return stream.wire({});
}

const clusters: Readonly<Record<string, Kinds>> = {
  '/stocks': {
    trade: made(
      {
        at: millis,
        symbol,
        id: text,
        price,
        size: amount,
        exchange: maybe(venue),
        conditions: fc.uniqueArray(fc.constantFrom('I', 'T', 'U', '7', '8', '44'), { maxLength: 3 }),
        tape: maybe(tape),
        sequence: maybe(whole),
        trfId: maybe(fc.nat(999)),
        trfAt: maybe(millis),
      },
      ({ at, ...given }) => trade(at, given),
    ),
    quote: made(
      {
        at: millis,
        symbol,
        ...sides(whole),
        bidExchange: maybe(venue),
        askExchange: maybe(venue),
        conditions: fc.array(fc.constantFrom('R', 'Y', '99'), { maxLength: 1 }),
        indicators: fc.array(fc.nat(999), { maxLength: 2 }),
        tape: maybe(tape),
        sequence: maybe(whole),
      },
      ({ at, ...given }) => quote(at, given),
    ),
    bar: barOf('bar', 'stocks', symbol, {
      ...counted,
      dayVolume: maybe(amount),
      dayOpen: maybe(price),
      dayVwap: maybe(price),
      otc: fc.constantFrom(true, undefined),
    }),
    'second-bar': barOf('second-bar', 'stocks', symbol, {
      ...counted,
      volume: fc.constant(30.5),
      averageSize: fc.constant(10),
      trades: fc.constant(3),
    }),
    luld: made(
      {
        at: nanos,
        symbol,
        up: price,
        down: price,
        tape: maybe(tape),
        indicators: maybe(fc.array(fc.nat(99), { maxLength: 2 })),
        sequence: maybe(whole),
      },
      (given) => ({ kind: 'luld', market: 'stocks', indicator: '', ...given }),
    ),
    imbalance: made(
      {
        at: nanos,
        symbol,
        price,
        pairedShares: maybe(whole),
        imbalanceShares: maybe(whole),
        auction: maybe(text),
        auctionTime: fc.constantFrom('09:30', '16:00', '00:05', undefined),
        exchange: maybe(venue),
        sequence: maybe(whole),
      },
      (given) => ({ kind: 'imbalance', market: 'stocks', side: undefined, tape: undefined, ...given }),
    ),
    'fair-value': fairValue('stocks', symbol),
  },
  '/options': {
    trade: made(
      {
        at: millis,
        symbol: contract,
        price,
        size: whole,
        exchange: fc.constantFrom('C', 'N', '12', undefined),
        conditions: fc.uniqueArray(fc.constantFrom('A', 'Z', 'a', 'v', '77'), { maxLength: 2 }),
        sequence: maybe(whole),
      },
      ({ at, ...given }) => trade(at, { market: 'options', id: '', tape: undefined, ...given }),
    ),
    quote: made(
      {
        at: millis,
        symbol: contract,
        ...sides(whole),
        bidExchange: fc.constantFrom('C', undefined),
        askExchange: fc.constantFrom('N', undefined),
        sequence: maybe(whole),
      },
      ({ at, ...given }) => quote(at, { market: 'options', ...alone, ...given }),
    ),
    bar: barOf('bar', 'options', contract, counted),
    'fair-value': fairValue('options', contract),
  },
  '/indices': {
    value: made({ at: millis, symbol: fc.constantFrom('SPX', 'NDX'), value: price }, (given) => ({
      kind: 'value',
      market: 'indices',
      ...given,
    })),
    bar: barOf('bar', 'indices', fc.constant('SPX'), { dayOpen: maybe(price) }),
  },
  '/forex': {
    quote: made({ at: millis, symbol: currencies, bidPrice: price, askPrice: price }, ({ at, ...given }) =>
      quote(at, { market: 'forex', bidSize: 0, askSize: 0, bidExchange: '48', askExchange: '48', ...alone, ...given }),
    ),
    bar: barOf('bar', 'forex', currencies, { volume: whole }),
    'second-bar': barOf('second-bar', 'forex', currencies, { volume: whole }),
    'fair-value': fairValue('forex', currencies),
  },
  '/crypto': {
    trade: made(
      {
        at: millis,
        symbol: pair,
        id: text,
        price,
        size: price,
        taker: any.taker,
        receivedAt: millis,
        exchange: fc.constantFrom('1', '23'),
      },
      ({ at, ...given }) => trade(at, { market: 'crypto', ...alone, ...given }),
    ),
    quote: made({ at: millis, symbol: pair, ...sides(price), receivedAt: millis }, ({ at, ...given }) =>
      quote(at, { market: 'crypto', bidExchange: '2', askExchange: '2', ...alone, ...given }),
    ),
    book: made(
      { at: millis, symbol: pair, bids: any.levels, asks: any.levels, receivedAt: millis },
      ({ at, ...given }) => book(at, { exchange: '1', ...given }),
    ),
    bar: barOf('bar', 'crypto', pair, counted),
    'fair-value': fairValue('crypto', pair),
  },
  '/futures': {
    trade: made({ at: millis, symbol: future, price, size: whole, sequence: maybe(whole) }, ({ at, ...given }) =>
      trade(at, { market: 'futures', id: '', exchange: undefined, ...alone, ...given }),
    ),
    quote: made(
      { at: millis, symbol: future, ...sides(whole), bidAt: maybe(millis), askAt: maybe(millis) },
      ({ at, ...given }) =>
        quote(at, { market: 'futures', bidExchange: undefined, askExchange: undefined, ...alone, ...given }),
    ),
    bar: barOf('bar', 'futures', future, { volume: whole, trades: whole, turnover: price }),
  },
  '/launchpad/forex': {
    price: made({ at: nanos, symbol: currencies, price }, ({ at, ...given }) =>
      priceOf(at, { market: 'forex', ...given }),
    ),
    bar: barOf('bar', 'forex', currencies, counted),
  },
};

for (const [path, kinds] of Object.entries(clusters)) {
  describe(`cluster ${path}`, () => {
    for (const [kind, events] of Object.entries(kinds)) {
      test(`a recorder hears a ${kind} as it was, as far as the wire carries it`, () =>
        expect(() =>
          holdHeard(path.startsWith('/launchpad') ? launchpad(path) : wireOn('polygon', path), events),
        ).not.toThrow());
    }
  });
}
