import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MarketEvent, Trade } from '../../../market/event.ts';
import { openTape, tapeSchema } from '../../../server/sources/index.ts';
import { TapeError, type Selection } from '../../../server/sources/source.ts';
import { describeTape } from '../../../server/tapes/index.ts';

const signal = new AbortController().signal;
const second = 1_000_000_000n;
const open = 1_782_912_600n * second; // 2026-07-01 09:30 in New York
const close = open + 6n * 3600n * second + 1800n * second;

const tape = (options: object, seed = 1) =>
  openTape(tapeSchema.parse({ synthetic: options }), { directory: '.', seed });

async function read(options: object, selection: Selection = {}, seed = 1): Promise<MarketEvent[]> {
  await using source = tape(options, seed);
  const events: MarketEvent[] = [];
  for await (const page of source.pages(selection, signal)) events.push(...page);
  return events;
}
const isTrade = (event: MarketEvent): event is Trade => event.kind === 'trade';

describe('a generated market', () => {
  const morning = { from: '2026-07-01T09:29:50-04:00', to: '2026-07-01T09:32:00-04:00', extendedHours: true };
  const busy = { ...morning, corrections: 0.05, halts: 1 };

  test('is the same for the same seed and another for another seed', async () => {
    const [first, again, other] = [await read(busy), await read(busy), await read(busy, {}, 2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('any range, symbols and kinds of it are what a reading of the whole would have selected', async () => {
    const whole = await read(busy);
    const symbols = fc.subarray(['AAPL', 'SPY', 'BTC/USD', 'USD/COP', 'NONE'], { minLength: 1 });
    const channels = fc.subarray(['trade', 'quote', 'status', 'luld', 'correction', 'cancel'] as const);
    const offset = fc.bigInt({ min: -20n * second, max: 130n * second });
    await fc.assert(
      fc.asyncProperty(symbols, channels, offset, offset, async (wanted, kinds, one, two) => {
        const selection = { symbols: wanted, channels: kinds, from: open + one, to: open + two };
        const expected = whole.filter(
          ({ symbol, kind, at }) =>
            wanted.includes(symbol) && kinds.some((channel) => channel === kind) && at >= open + one && at < open + two,
        );
        expect(await read(busy, selection)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  test('keeps time order, and ids and sequence numbers of a symbol grow', async () => {
    const events = await read({ ...morning, rate: 400 });
    const last = new Map<string, { sequence: number; id: bigint }>();
    let at = 0n;
    for (const event of events) {
      expect(event.at).toBeGreaterThanOrEqual(at);
      at = event.at;
      if (!isTrade(event)) continue;
      const { symbol, sequence = 0 } = event;
      const before = last.get(symbol);
      expect(sequence).toBeGreaterThan(before?.sequence ?? 0);
      expect(BigInt(event.id)).toBeGreaterThan(before?.id ?? 0n);
      last.set(symbol, { sequence, id: BigInt(event.id) });
    }
    expect(last.size).toBe(8);
  });

  test('is lively from the first second on by default', async () => {
    const events = await read({}, { to: open + 10n * second });
    for (let passed = 0n; passed < 10n; passed++) {
      const count = events.filter(({ at }) => (at - open) / second === passed).length;
      expect(count).toBeGreaterThan(50);
      expect(count).toBeLessThan(250);
    }
  });

  test('prices lie on the tick grid, the ask above the bid, spreads are widest at the open', async () => {
    const spreads = async (from: bigint): Promise<number> => {
      const quotes = await read(
        { symbols: ['AAPL'], rate: 60 },
        { from, to: from + 30n * second, channels: ['quote'] },
      );
      let sum = 0;
      for (const quote of quotes) {
        if (quote.kind !== 'quote') continue;
        expect(quote.bidPrice).toBe(Number(quote.bidPrice.toFixed(2)));
        expect(quote.askPrice).toBeGreaterThan(quote.bidPrice);
        sum += quote.askPrice - quote.bidPrice;
      }
      return sum / quotes.length;
    };
    expect(await spreads(open)).toBeGreaterThan(2 * (await spreads(open + 7200n * second)));
  });

  test('a stock’s day opens and closes with an auction and is busiest at both ends', async () => {
    const trades = (await read({ symbols: ['AAPL'], rate: 10 }, { channels: ['trade'] })).filter(isTrade);
    expect(trades.slice(0, 2).map(({ conditions }) => conditions)).toEqual([
      ['@', 'O', 'X'],
      ['@', 'Q'],
    ]);
    expect(trades.slice(-2).map(({ conditions }) => conditions)).toEqual([
      ['@', '6', 'X'],
      ['@', 'M'],
    ]);
    expect(trades.at(-1)?.at).toBeGreaterThanOrEqual(close);
    const within = (from: bigint): number => trades.filter(({ at }) => at >= from && at < from + 1800n * second).length;
    expect(within(open)).toBeGreaterThan(1.3 * within(open + 3n * 3600n * second));
    expect(within(close - 1800n * second)).toBeGreaterThan(1.3 * within(open + 3n * 3600n * second));
    const oddLots = trades.filter(({ conditions }) => conditions.includes('I'));
    expect(oddLots.every(({ size }) => size < 100)).toBe(true);
    expect(oddLots.length / trades.length).toBeGreaterThan(0.3);
    const late = trades.filter(({ at, participantAt = at }) => at - participantAt > 10n * second);
    expect(late.length).toBeGreaterThan(5);
    const looks = trades.map(({ at, price, size }) => `${at} ${price} ${size}`);
    expect(new Set(looks).size).toBeLessThan(looks.length);
  });

  test('a halted stock is silent between the halt and the resumption', async () => {
    const events = await read({ symbols: ['IBM'], rate: 2, halts: 1 });
    const [, halted, resumed] = events.filter(({ kind }) => kind === 'status');
    expect([halted, resumed]).toMatchObject([{ code: '2' }, { code: '3' }]);
    const [from, to] = [halted?.at ?? 0n, resumed?.at ?? 0n];
    expect(to - from).toBe(300n * second);
    expect(events.filter(({ at, kind }) => at > from && at < to && ['trade', 'quote'].includes(kind))).toEqual([]);
  });

  test('corrections and cancels name a trade that was printed before them', async () => {
    const events = await read({ symbols: ['AAPL'], rate: 40, corrections: 0.05 }, { to: open + 300n * second });
    const trades = new Map(events.filter(isTrade).map((trade) => [trade.id, trade]));
    const amended: { id: string; price: number; size: number; at: bigint }[] = [];
    for (const event of events) {
      if (event.kind === 'correction') amended.push({ ...event.original, at: event.at });
      if (event.kind === 'cancel') amended.push(event);
    }
    expect(amended.length).toBeGreaterThan(10);
    for (const { id, price, size, at } of amended) {
      expect(trades.get(id)).toMatchObject({ price, size });
      expect(trades.get(id)?.at).toBeLessThan(at);
    }
  });

  test('a survey counts exactly what a reading brings', async () => {
    const options = { day: '2026-11-27', rate: 1, corrections: 0.02, halts: 1 };
    const counts: Record<string, number> = {};
    for (const { kind } of await read(options)) counts[kind] = (counts[kind] ?? 0) + 1;
    await using source = tape(options);
    const { channels, period, events } = await describeTape(source, signal);
    expect(channels).toEqual(counts);
    const read0 = await read(options, { from: period?.from, to: (period?.to ?? 0n) + 1n });
    expect(read0.length).toBe(events);
    expect([read0[0]?.at, read0.at(-1)?.at]).toEqual([period?.from, period?.to]);
    // The day after Thanksgiving closes at 13:00; the tape runs one minute longer.
    expect(period?.text).toMatch(/^2026-11-27T14:30:.* to 2026-11-27T18:0/);
  });

  test('symbols of one market move together as much as they are told to', async () => {
    const agreement = async (correlation: number): Promise<number> => {
      const symbols = ['AAPL', 'MSFT'];
      const trades = (await read({ symbols, correlation, rate: 4 }, { channels: ['trade'] })).filter(isTrade);
      const minutes = symbols.map((symbol) => {
        const last: number[] = [];
        for (const { symbol: own, at, price } of trades)
          if (own === symbol) last[Number((at - open) / (60n * second))] = price;
        return last.map((price, index) => price - (last[index - 1] ?? price));
      });
      const pairs = minutes[0]?.map((move, index) => Math.sign(move * (minutes[1]?.[index] ?? 0))) ?? [];
      return pairs.reduce((sum, sign) => sum + sign, 0) / pairs.length;
    };
    expect(await agreement(0.95)).toBeGreaterThan(0.5);
    expect(Math.abs(await agreement(0))).toBeLessThan(0.25);
  });

  test('crypto trades on Sunday, currencies from Sunday evening, pesos and stocks not at all', async () => {
    const sunday = { from: '2026-07-05T00:00:00-04:00', to: '2026-07-05T18:00:00-04:00', rate: 0.2 };
    const events = await read({ ...sunday, symbols: ['BTC/USD', 'EUR/USD', 'USD/COP', 'AAPL'] });
    expect(new Set(events.map(({ symbol }) => symbol))).toEqual(new Set(['BTC/USD', 'EUR/USD']));
    const [first] = events.filter(({ symbol }) => symbol === 'EUR/USD');
    expect(first?.at).toBeGreaterThanOrEqual(BigInt(Date.parse('2026-07-05T21:00:00Z')) * 1_000_000n);
  });

  test('a day on which the stock market is closed is refused with the way out', () => {
    expect(() => tape({ day: '2026-07-04' })).toThrow(TapeError);
    expect(() => tape({ day: '2026-07-04' })).toThrow(
      /2026-07-04: the US stock market is closed; choose a trading day/,
    );
  });

  test('reading stops without an error when it is aborted', async () => {
    const stop = new AbortController();
    let pages = 0;
    for await (const page of tape({}).pages({}, stop.signal)) {
      pages += page.length > 0 ? 1 : 0;
      if (pages === 3) stop.abort();
    }
    expect(pages).toBe(3);
  });
});
