import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Book, MarketEvent, News, Quote } from '../../../market/event.ts';
import { openTape, tapeSchema } from '../../../server/sources/index.ts';
import type { Selection } from '../../../server/sources/source.ts';
import { describeTape } from '../../../server/tapes/index.ts';

const { signal } = new AbortController();
const second = 1_000_000_000n;
const open = 1_782_912_600n * second; // 2026-07-01 09:30 in New York
const [call, put] = ['AAPL260918C00230000', 'AAPL260918P00230000'];
const morning = { from: '2026-07-01T09:28:00-04:00', to: '2026-07-01T09:36:00-04:00', rate: 30 };
const plain = { ...morning, symbols: ['AAPL', 'MSFT', 'BTC/USD', 'ETH/USD', 'EUR/USD'] };
const contracts = [call, put].map((symbol) => ({ symbol, rate: 5 }));
const lively = { ...plain, symbols: [...plain.symbols, ...contracts], books: 4, news: 900 };

const tape = (options: object) => openTape(tapeSchema.parse({ synthetic: options }), { directory: '.', seed: 1 });

async function read(options: object, selection: Selection = {}): Promise<MarketEvent[]> {
  await using source = tape(options);
  const events: MarketEvent[] = [];
  for await (const page of source.pages(selection, signal)) events.push(...page);
  return events;
}
const isBook = (event: MarketEvent): event is Book => event.kind === 'book';
const isNews = (event: MarketEvent): event is News => event.kind === 'news';
const isQuote = (event: MarketEvent): event is Quote => event.kind === 'quote';

test('options, books and news beside them change nothing of the symbols that were there', async () => {
  const events = await read(lively);
  const before = events.filter((event) => !isBook(event) && !isNews(event) && event.market !== 'options');
  expect(before).toEqual(await read(plain));
  expect(new Set(events.map(({ kind }) => kind))).toContain('book');
});

test('any part of books, news and options is what a reading of the whole would have selected', async () => {
  const whole = await read(lively);
  const symbols = fc.subarray(['AAPL', 'BTC/USD', 'ETH/USD', call], { minLength: 1 });
  const channels = fc.subarray(['trade', 'quote', 'book', 'news'] as const);
  const offset = fc.bigInt({ min: -130n * second, max: 370n * second });
  await fc.assert(
    fc.asyncProperty(symbols, channels, offset, offset, async (wanted, kinds, one, two) => {
      const selection = { symbols: wanted, channels: kinds, from: open + one, to: open + two };
      const expected = whole.filter(
        ({ symbol, kind, at }) =>
          wanted.includes(symbol) && kinds.some((channel) => channel === kind) && at >= open + one && at < open + two,
      );
      expect(await read(lively, selection)).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});

test('a survey counts books, news and options exactly', async () => {
  const counts: Record<string, number> = {};
  for (const { kind } of await read(lively)) counts[kind] = (counts[kind] ?? 0) + 1;
  await using source = tape(lively);
  expect((await describeTape(source, signal)).channels).toEqual(counts);
});

test('a book begins whole, and its changes always leave as many levels as asked for, bids below asks', async () => {
  const books = (await read(lively)).filter(isBook).filter(({ symbol }) => symbol === 'BTC/USD');
  expect(books[0]?.reset).toBe(true);
  expect(books.filter(({ reset }) => reset).length).toBeGreaterThan(7);
  expect(books.filter(({ reset }) => !reset).length).toBeGreaterThan(200);
  const [bids, asks] = [new Map<number, number>(), new Map<number, number>()];
  for (const book of books) {
    for (const [side, levels] of [
      [bids, book.bids],
      [asks, book.asks],
    ] as const) {
      if (book.reset) side.clear();
      for (const { price, size } of levels) {
        if (size === 0) expect(side.delete(price)).toBe(true);
        else side.set(price, size);
      }
    }
    expect([bids.size, asks.size]).toEqual([4, 4]);
    expect(Math.max(...bids.keys())).toBeLessThan(Math.min(...asks.keys()));
  }
});

test('a call and a put differ by what the stock is above their strike, as they do in a market', async () => {
  const events = (await read(lively, { channels: ['quote'] })).filter(isQuote);
  const middle: Record<string, number> = {};
  let compared = 0;
  for (const { symbol, bidPrice, askPrice } of events) {
    middle[symbol] = (bidPrice + askPrice) / 2;
    const { AAPL: stock, [call]: up, [put]: down } = middle;
    if (![call, put].includes(symbol) || stock === undefined || up === undefined || down === undefined) continue;
    compared++;
    expect(Math.abs(up - down - (stock - 230))).toBeLessThan(0.25);
    expect(up).toBeGreaterThan(Math.max(0, stock - 230));
  }
  expect(compared).toBeGreaterThan(500);
});

test('options trade in regular hours only, on exchanges of their own, in whole contracts', async () => {
  const options = (await read({ ...lively, extendedHours: true })).filter(({ market }) => market === 'options');
  expect(options.every(({ at }) => at >= open)).toBe(true);
  for (const event of options) {
    expect(['trade', 'quote']).toContain(event.kind);
    if (event.kind === 'trade') {
      expect(event).toMatchObject({ conditions: ['I'], taker: undefined, tape: undefined, trfId: undefined });
      expect(Number.isInteger(event.size)).toBe(true);
    }
  }
});

test('news come as often as asked for, and some again under the same id with their first moment', async () => {
  const news = (await read({ ...lively, news: 3600 })).filter(isNews);
  const fresh = news.filter(({ createdAt }) => createdAt === undefined);
  // One a second among four symbols, of which the two stocks are open for six of the eight minutes.
  expect(fresh.length).toBeGreaterThan(320);
  expect(fresh.length).toBeLessThan(520);
  const again = news.filter(({ createdAt }) => createdAt !== undefined);
  expect(again.length).toBeGreaterThan(40);
  // What was published before the tape begins is on it only the second time.
  for (const item of again.filter(({ createdAt = 0n }) => createdAt >= open - 120n * second)) {
    const first = fresh.find(({ id }) => id === item.id);
    expect(first?.at).toBe(item.createdAt);
    expect(first?.headline).toBe(item.headline);
    expect(item.updatedAt).toBe(item.at);
  }
  for (const { symbol, symbols } of news) expect([symbol, new Set(symbols).size]).toEqual([symbols[0], symbols.length]);
  expect(new Set(news.map(({ symbols }) => symbols.length))).toEqual(new Set([1, 2]));
});
