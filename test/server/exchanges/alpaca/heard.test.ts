import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BarKind, Channel, Market, MarketEvent } from '../../../../market/event.ts';
import { minute } from '../../../../market/nanos.ts';
import { bar, book, news, quote, trade } from '../../../helpers/events.ts';
import { any, holdHeard, heardOf, made, maybe, wireOn } from '../../../helpers/heard.ts';

type Kinds = Partial<Record<Channel, fc.Arbitrary<MarketEvent>>>;
const { symbol, pair, contract, price, whole, nanos, letter, letters, text, tape, id } = any;

function barOf(kind: BarKind, market: Market, amount: fc.Arbitrary<number>, of = symbol): fc.Arbitrary<MarketEvent> {
  const fields = { start: any.minutes, symbol: of, ...any.prices, volume: amount, trades: whole, vwap: price };
  return made(fields, (given) => bar(kind, given.start, given.start + minute, { market, ...given }));
}
const bars = (market: Market, amount: fc.Arbitrary<number>, of = symbol): Kinds => ({
  bar: barOf('bar', market, amount, of),
  'updated-bar': barOf('updated-bar', market, amount, of),
  'daily-bar': barOf('daily-bar', market, amount, of),
});
const venues = { bidExchange: letter, askExchange: letter };
const sides = (size: fc.Arbitrary<number>) => ({ bidPrice: price, bidSize: size, askPrice: price, askSize: size });
const noVenues = { bidExchange: undefined, askExchange: undefined, conditions: [], tape: undefined };

const stocks: Kinds = {
  trade: made(
    { at: nanos, symbol, id, price, size: whole, exchange: letter, conditions: letters, tape },
    ({ at, ...given }) => trade(at, given),
  ),
  quote: made({ at: nanos, symbol, ...sides(whole), ...venues, conditions: letters, tape }, ({ at, ...given }) =>
    quote(at, given),
  ),
  ...bars('stocks', whole),
  status: made(
    { at: nanos, symbol, code: text, message: text, reasonCode: text, reasonMessage: text, tape },
    (given) => ({
      kind: 'status',
      market: 'stocks',
      ...given,
    }),
  ),
  luld: made({ at: nanos, symbol, up: price, down: price, indicator: text, tape }, (given) => ({
    kind: 'luld',
    market: 'stocks',
    ...given,
    indicators: undefined,
    sequence: undefined,
  })),
  imbalance: made(
    {
      at: nanos,
      symbol,
      price,
      pairedShares: maybe(whole),
      imbalanceShares: maybe(whole),
      side: maybe(text),
      auction: maybe(text),
      tape,
    },
    (given) => ({
      kind: 'imbalance',
      market: 'stocks',
      ...given,
      auctionTime: undefined,
      exchange: undefined,
      sequence: undefined,
    }),
  ),
  correction: made(
    { at: nanos, symbol, exchange: letter, original: any.print, corrected: any.print, tape },
    (given) => ({
      kind: 'correction',
      market: 'stocks',
      ...given,
    }),
  ),
  cancel: made(
    {
      at: nanos,
      symbol,
      id,
      price,
      size: whole,
      exchange: letter,
      action: fc.constantFrom('C' as const, 'E' as const),
      tape,
    },
    (given) => ({ kind: 'cancel', market: 'stocks', ...given }),
  ),
};

const crypto: Kinds = {
  trade: made(
    { at: nanos, symbol: pair, id, price, size: price, exchange: maybe(text), taker: any.taker },
    ({ at, ...given }) => trade(at, { market: 'crypto', conditions: [], tape: undefined, ...given }),
  ),
  quote: made({ at: nanos, symbol: pair, ...sides(price) }, ({ at, ...given }) =>
    quote(at, { market: 'crypto', ...noVenues, ...given }),
  ),
  book: made({ at: nanos, symbol: pair, bids: any.levels, asks: any.levels, reset: fc.boolean() }, ({ at, ...given }) =>
    book(at, given),
  ),
  ...bars('crypto', price, pair),
};

const options: Kinds = {
  trade: made(
    { at: nanos, symbol: contract, price, size: whole, exchange: letter, conditions: letters },
    ({ at, ...given }) => trade(at, { market: 'options', id: '', tape: undefined, ...given }),
  ),
  quote: made({ at: nanos, symbol: contract, ...sides(whole), ...venues, conditions: letters }, ({ at, ...given }) =>
    quote(at, { market: 'options', tape: undefined, ...given }),
  ),
};

const item: Kinds = {
  news: made(
    {
      at: nanos,
      earlier: maybe(fc.bigInt({ min: 1n, max: 10n ** 12n })),
      id,
      headline: text,
      summary: text,
      author: text,
      url: text,
      content: text,
      symbols: fc.array(symbol, { maxLength: 3 }),
      source: text,
    },
    ({ at, earlier, ...given }) =>
      news(at, {
        createdAt: earlier === undefined || earlier > at ? undefined : at - earlier,
        symbol: given.symbols[0] ?? '',
        ...given,
      }),
  ),
};

const streams: readonly [path: string, packed: boolean, kinds: Kinds][] = [
  ['/v2/sip', false, stocks],
  ['/v2/sip', true, stocks],
  ['/v1beta3/crypto/us', false, crypto],
  ['/v1beta3/crypto/us', true, crypto],
  ['/v1beta1/opra', true, options],
  ['/v1beta1/news', false, item],
  ['/v1beta1/news', true, item],
];
for (const [path, packed, kinds] of streams) {
  describe(`${path} in ${packed ? 'MessagePack' : 'JSON'}`, () => {
    for (const [kind, events] of Object.entries(kinds)) {
      test(`a recorder hears a ${kind} as it was, as far as the wire carries it`, () =>
        expect(() => holdHeard(wireOn('alpaca', path, packed), events)).not.toThrow());
    }
  });
}

describe('what cannot be read', () => {
  const meanings = (json: string) =>
    heardOf(wireOn('alpaca', '/v2/sip'), Buffer.from(json)).map(({ meaning }) => meaning);

  test('is told message by message, with the field that is wrong', () => {
    const quoteLike = '{"T":"q","S":"AAPL","bp":"231.4","bs":1,"ap":1,"as":1,"t":"2026-07-01T14:30:00Z"}';
    expect(meanings(`[{"T":"success","msg":"connected"},${quoteLike},{"T":"zz"},{"S":"AAPL"},7]`)).toEqual([
      { kind: 'answer' },
      { kind: 'unreadable', why: 'bp is no number: "231.4"' },
      { kind: 'unknown' },
      { kind: 'unknown' },
      { kind: 'unknown' },
    ]);
  });

  test('never throws, whatever the bytes', () => {
    const wire = wireOn('alpaca', '/v2/sip', true);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => heardOf(wire, Buffer.from(bytes)).length >= 0));
    expect(heardOf(wire, Buffer.from([0x91, 0x82]))).toMatchObject([{ type: '', meaning: { kind: 'unknown' } }]);
  });
});
