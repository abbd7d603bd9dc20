import * as fc from 'fast-check';
import { beforeAll, afterAll, expect, test } from 'vitest';
import { markets, type MarketEvent } from '../../../market/event.ts';
import { postgres } from '../../../server/sources/postgres/index.ts';
import { writeTape } from '../../../server/sources/postgres/write.ts';
import type { Selection } from '../../../server/sources/source.ts';
import { opening, trade } from '../../helpers/events.ts';
import { testDatabase, type TestDatabase } from '../../services/index.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(async () => await database[Symbol.asyncDispose]());

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => !value.includes('\0'));
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const nanos = fc.bigInt({ min: opening, max: opening + 90n * 86_400_000_000_000n });
const tape = maybe(fc.constantFrom('A', 'B', 'C', 'O'));
const conditions = fc.array(text, { maxLength: 3 });
const sequence = maybe(fc.nat(Number.MAX_SAFE_INTEGER));
const print = fc.record({ id: text, price: number, size: number, conditions });
const levels = fc.array(fc.record({ price: number, size: number }), { maxLength: 3 });
const happening = {
  market: fc.constantFrom(...markets),
  symbol: fc.oneof(fc.constantFrom('AAPL', 'BTC/USD', "O'NEIL", 'A\\B'), text),
  // Few distinct instants, so that many events share one and differ by nanoseconds.
  at: fc.oneof(nanos, fc.bigInt({ min: opening, max: opening + 2000n })),
};
const event: fc.Arbitrary<MarketEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('trade'),
    ...happening,
    id: text,
    price: number,
    size: number,
    exchange: maybe(text),
    conditions,
    tape,
    sequence,
    participantAt: maybe(nanos),
    trfId: maybe(fc.nat()),
    trfAt: maybe(nanos),
    taker: maybe(fc.constantFrom('buy', 'sell')),
    receivedAt: maybe(nanos),
    correction: maybe(fc.nat()),
    reportSequence: maybe(fc.maxSafeNat()),
    session: maybe(text),
  }),
  fc.record({
    kind: fc.constant('quote'),
    ...happening,
    bidPrice: number,
    bidSize: number,
    bidExchange: maybe(text),
    askPrice: number,
    askSize: number,
    askExchange: maybe(text),
    conditions,
    indicators: fc.array(fc.nat(999), { maxLength: 2 }),
    tape,
    sequence,
    participantAt: maybe(nanos),
    trfAt: maybe(nanos),
    bidAt: maybe(nanos),
    askAt: maybe(nanos),
    receivedAt: maybe(nanos),
    reportSequence: maybe(fc.maxSafeNat()),
    session: maybe(text),
  }),
  fc.record({
    kind: fc.constantFrom('second-bar', 'bar', 'updated-bar', 'daily-bar'),
    ...happening,
    start: nanos,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    trades: fc.nat(),
    vwap: number,
    dayVolume: maybe(number),
    dayOpen: maybe(number),
    dayVwap: maybe(number),
    averageSize: maybe(number),
    turnover: maybe(number),
    otc: maybe(fc.boolean()),
  }),
  fc.record({
    kind: fc.constant('status'),
    ...happening,
    code: text,
    message: text,
    reasonCode: text,
    reasonMessage: text,
    tape,
  }),
  fc.record({
    kind: fc.constant('luld'),
    ...happening,
    up: number,
    down: number,
    indicator: text,
    tape,
    indicators: maybe(fc.array(fc.nat(), { maxLength: 2 })),
    sequence,
  }),
  fc.record({
    kind: fc.constant('imbalance'),
    ...happening,
    price: number,
    pairedShares: maybe(fc.nat()),
    imbalanceShares: maybe(fc.nat()),
    side: maybe(text),
    auction: maybe(text),
    tape,
    auctionTime: maybe(text),
    exchange: maybe(text),
    sequence,
  }),
  fc.record({
    kind: fc.constant('correction'),
    ...happening,
    exchange: maybe(text),
    original: print,
    corrected: print,
    tape,
  }),
  fc.record({
    kind: fc.constant('cancel'),
    ...happening,
    id: text,
    price: number,
    size: number,
    exchange: maybe(text),
    action: fc.constantFrom('C', 'E'),
    tape,
  }),
  fc.record({
    kind: fc.constant('book'),
    ...happening,
    bids: levels,
    asks: levels,
    reset: fc.boolean(),
    exchange: maybe(text),
    receivedAt: maybe(nanos),
  }),
  fc.record({ kind: fc.constant('value'), ...happening, value: number }),
  fc.record({
    kind: fc.constant('news'),
    ...happening,
    id: text,
    headline: text,
    summary: text,
    author: text,
    createdAt: maybe(nanos),
    updatedAt: nanos,
    url: text,
    content: text,
    symbols: fc.array(text, { maxLength: 3 }),
    source: text,
  }),
  fc.record({
    kind: fc.constant('price'),
    ...happening,
    price: number,
    bidPrice: maybe(number),
    askPrice: maybe(number),
    dayVolume: maybe(number),
    exchange: maybe(text),
    mic: maybe(text),
    currency: maybe(text),
    baseCurrency: maybe(text),
    quoteCurrency: maybe(text),
    instrument: maybe(text),
  }),
  fc.record({ kind: fc.constant('fair-value'), ...happening, value: number }),
  fc.record({
    kind: fc.constant('pricing'),
    ...happening,
    exchange: maybe(text),
    indexPrice: maybe(number),
    markPrice: maybe(number),
    fundingRate: maybe(number),
    openInterest: maybe(number),
    fundingAt: maybe(nanos),
  }),
);
const inOrder = (events: readonly MarketEvent[]): MarketEvent[] =>
  events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

async function played(dataSource: string, selection: Selection = {}): Promise<MarketEvent[]> {
  await using source = postgres.open(postgres.options.parse({ url: database.url, dataSource }), {
    directory: '.',
    seed: 1,
  });
  const events: MarketEvent[] = [];
  for await (const page of source.pages(selection, new AbortController().signal)) events.push(...page);
  return events;
}

let round = 0;
test('every event that is stored plays again, equal to the nanosecond and in the same order, and no second copy is kept', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          event,
          event.map((one) => ({ ...one, at: opening })),
        ),
        { maxLength: 120 },
      ),
      async (drawn) => {
        // As plain objects: fast-check's have no prototype.
        const some = structuredClone(drawn);
        const dataSource = `round-${round++}`;
        // Each event twice: equal-looking events are distinct events.
        const events = inOrder([...some, ...some]);
        expect(await writeTape(database.url, [events], { dataSource })).toEqual({
          written: events.length,
          alreadyThere: 0,
        });
        expect(await played(dataSource)).toStrictEqual(events);
        expect(await writeTape(database.url, [events], { dataSource })).toEqual({
          written: 0,
          alreadyThere: events.length,
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('a selection of symbols, kinds and instants plays exactly what it names, to the nanosecond', async () => {
  const events = Array.from({ length: 300 }, (_, i) =>
    trade(opening + BigInt(i * 7), { id: String(i), symbol: ['AAPL', "O'NEIL", 'A\\B'][i % 3] ?? '' }),
  );
  await writeTape(database.url, [events], { dataSource: 'selection' });
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        symbols: maybe(fc.subarray(['AAPL', "O'NEIL", 'A\\B', "'; DROP TABLE tapes; --", 'N\0L'])),
        channels: maybe(fc.subarray(['trade', 'quote'] as const)),
        from: maybe(fc.bigInt({ min: opening - 10n, max: opening + 2200n })),
        to: maybe(fc.bigInt({ min: opening - 10n, max: opening + 2200n })),
      }),
      async (selection) => {
        const { symbols, channels, from, to } = selection;
        const expected = events.filter(
          (one) =>
            (symbols === undefined || symbols.includes(one.symbol)) &&
            (channels === undefined || channels.includes('trade')) &&
            (from === undefined || one.at >= from) &&
            (to === undefined || one.at < to),
        );
        expect(await played('selection', selection)).toStrictEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});
