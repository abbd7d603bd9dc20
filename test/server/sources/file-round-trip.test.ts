import * as fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barKinds, markets, type MarketEvent } from '../../../market/event.ts';
import { openTape } from '../../../server/sources/index.ts';
import type { Page, Selection } from '../../../server/sources/source.ts';
import { writeTape } from '../../../server/tapes/index.ts';

const signal = new AbortController().signal;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'papertape-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** `fc.record` without its occasional objects that have no prototype, which no file can give back. */
const record = <Model>(model: { [Field in keyof Model]: fc.Arbitrary<Model[Field]> }) =>
  fc.record<Model>(model, { noNullPrototype: true });
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
// A tape's zero has no sign: JSON would lose it.
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const nanos = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const texts = fc.array(text, { maxLength: 3 });
const maybe = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(values, { nil: undefined });
const tape = maybe(fc.constantFrom('A' as const, 'B' as const, 'C' as const, 'O' as const));
const common = { market: fc.constantFrom(...markets), symbol: text, at: nanos };
const print = record({ id: text, price: number, size: number, conditions: texts });
const levels = fc.array(record({ price: number, size: number }), { maxLength: 3 });

const kinds: Record<string, fc.Arbitrary<MarketEvent>> = {
  trade: record({
    kind: fc.constant('trade' as const),
    ...common,
    id: text,
    price: number,
    size: number,
    exchange: maybe(text),
    conditions: texts,
    tape,
    sequence: maybe(fc.maxSafeNat()),
    participantAt: maybe(nanos),
    trfId: maybe(fc.nat()),
    trfAt: maybe(nanos),
    taker: maybe(fc.constantFrom('buy' as const, 'sell' as const)),
    receivedAt: maybe(nanos),
    correction: maybe(fc.nat()),
    reportSequence: maybe(fc.maxSafeNat()),
    session: maybe(text),
  }),
  quote: record({
    kind: fc.constant('quote' as const),
    ...common,
    bidPrice: number,
    bidSize: number,
    bidExchange: maybe(text),
    askPrice: number,
    askSize: number,
    askExchange: maybe(text),
    conditions: texts,
    indicators: fc.array(fc.nat(), { maxLength: 3 }),
    tape,
    sequence: maybe(fc.maxSafeNat()),
    participantAt: maybe(nanos),
    trfAt: maybe(nanos),
    bidAt: maybe(nanos),
    askAt: maybe(nanos),
    receivedAt: maybe(nanos),
    reportSequence: maybe(fc.maxSafeNat()),
    session: maybe(text),
  }),
  bar: record({
    kind: fc.constantFrom(...barKinds),
    ...common,
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
  status: record({
    kind: fc.constant('status' as const),
    ...common,
    code: text,
    message: text,
    reasonCode: text,
    reasonMessage: text,
    tape,
  }),
  luld: record({
    kind: fc.constant('luld' as const),
    ...common,
    up: number,
    down: number,
    indicator: text,
    tape,
    indicators: maybe(fc.array(fc.nat(), { maxLength: 3 })),
    sequence: maybe(fc.maxSafeNat()),
  }),
  imbalance: record({
    kind: fc.constant('imbalance' as const),
    ...common,
    price: number,
    pairedShares: maybe(number),
    imbalanceShares: maybe(number),
    side: maybe(text),
    auction: maybe(text),
    tape,
    auctionTime: maybe(text),
    exchange: maybe(text),
    sequence: maybe(fc.maxSafeNat()),
  }),
  correction: record({
    kind: fc.constant('correction' as const),
    ...common,
    exchange: maybe(text),
    original: print,
    corrected: print,
    tape,
  }),
  cancel: record({
    kind: fc.constant('cancel' as const),
    ...common,
    id: text,
    price: number,
    size: number,
    exchange: maybe(text),
    action: fc.constantFrom('C' as const, 'E' as const),
    tape,
  }),
  book: record({
    kind: fc.constant('book' as const),
    ...common,
    bids: levels,
    asks: levels,
    reset: fc.boolean(),
    exchange: maybe(text),
    receivedAt: maybe(nanos),
  }),
  value: record({ kind: fc.constant('value' as const), ...common, value: number }),
  news: record({
    kind: fc.constant('news' as const),
    ...common,
    id: text,
    headline: text,
    summary: text,
    author: text,
    createdAt: maybe(nanos),
    updatedAt: nanos,
    url: text,
    content: text,
    symbols: texts,
    source: text,
  }),
  price: record({
    kind: fc.constant('price' as const),
    ...common,
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
  'fair-value': record({ kind: fc.constant('fair-value' as const), ...common, value: number }),
  pricing: record({
    kind: fc.constant('pricing' as const),
    ...common,
    exchange: maybe(text),
    indexPrice: maybe(number),
    markPrice: maybe(number),
    fundingRate: maybe(number),
    openInterest: maybe(number),
    fundingAt: maybe(nanos),
  }),
};
const anyTape = fc
  .array(fc.oneof(...Object.values(kinds)), { maxLength: 30 })
  .map((events) => events.sort((left, right) => Number(left.at > right.at) - Number(left.at < right.at)));

async function* pagesOf(events: readonly MarketEvent[]): AsyncGenerator<Page> {
  for (let start = 0; start < events.length; start += 7) yield events.slice(start, start + 7);
}
async function read(path: string, selection: Selection = {}): Promise<MarketEvent[]> {
  await using source = openTape({ file: path }, { directory, seed: 0 });
  const events: MarketEvent[] = [];
  for await (const page of source.pages(selection, signal)) events.push(...page);
  return events;
}

describe.each([
  ['.ndjson', 100],
  ['.ndjson.gz', 40],
  ['.parquet', 25],
])('a %s tape', (ending, numRuns) => {
  test('gives back every kind of event with every field as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(anyTape, async (events) => {
        const path = join(directory, `tape${ending}`);
        const written = await writeTape(path, pagesOf(events), { origin: 'test', licence: 'MIT', signal });
        expect(written.events).toBe(events.length);
        expect(await read(path)).toStrictEqual(events);
      }),
      { numRuns },
    );
  });

  test('read with a selection gives exactly the selected events', async () => {
    await fc.assert(
      fc.asyncProperty(anyTape, fc.nat(29), fc.nat(29), fc.nat(29), async (events, one, two, three) => {
        const path = join(directory, `part${ending}`);
        await writeTape(path, pagesOf(events), { origin: 'test', licence: 'MIT', signal });
        const [from, to] = [events[one]?.at, events[two]?.at];
        const symbols = [events[three]?.symbol ?? 'none', "it's"];
        const channels = ['trade', 'quote', 'bar', 'news'] as const;
        expect(await read(path, { from })).toStrictEqual(events.filter(({ at }) => from === undefined || at >= from));
        expect(await read(path, { to })).toStrictEqual(events.filter(({ at }) => to === undefined || at < to));
        expect(await read(path, { symbols })).toStrictEqual(events.filter(({ symbol }) => symbols.includes(symbol)));
        expect(await read(path, { channels })).toStrictEqual(
          events.filter(({ kind }) => channels.some((channel) => channel === kind)),
        );
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });
});
