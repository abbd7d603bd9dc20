import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Book, Level, MarketEvent } from '../../../../market/event.ts';
import { seconds } from '../../../../market/nanos.ts';
import { book, opening, quote } from '../../../helpers/events.ts';
import { Listener } from '../../../helpers/listener.ts';
import { Dialogue } from './dialogue.ts';

const second = seconds(1);
const level = (price: number, size: number): Level => ({ price, size });
const change = (at: bigint, bids: readonly Level[], asks: readonly Level[] = [], given: Partial<Book> = {}): Book =>
  book(at, { reset: false, bids, asks, ...given });

const subscribe = { action: 'subscribe', params: 'XL2.*' };
// 2026-07-01T14:30:00Z.
const begin = 1_782_916_200_000;

test('a whole book is heard after every change, with its exchange and both times, the best levels first', async () => {
  const at = { exchange: '1', receivedAt: opening + second + 16_000_000n };
  await using dialogue = await Dialogue.begin({}, {}, [
    book(opening, { bids: [level(9, 2), level(10, 1)], asks: [level(12, 4), level(11, 3)], exchange: '1' }),
    change(opening + second, [level(9, 0), level(9.5, 4), level(8, 0)], [], at),
    change(opening + 2n * second, [], [level(11, 2.5)], { exchange: '1' }),
    book(opening + 3n * second, { bids: [], asks: [level(13, 1)], exchange: '1' }),
  ]);
  const caller = await dialogue.call('/crypto', 'key');
  await dialogue.say(caller, subscribe);
  dialogue.papertape.run.play();
  const whole = { ev: 'XL2', pair: 'BTC-USD' };
  expect(await dialogue.heard(caller, 5n * second)).toEqual([
    [{ ...whole, t: begin, r: begin, x: 1, b: [[10, 1], [9, 2]], a: [[11, 3], [12, 4]] }],
    [{ ...whole, t: begin + 1000, r: begin + 1016, x: 1, b: [[10, 1], [9.5, 4]], a: [[11, 3], [12, 4]] }],
    [{ ...whole, t: begin + 2000, r: begin + 2000, x: 1, b: [[10, 1], [9.5, 4]], a: [[11, 2.5], [12, 4]] }],
    [{ ...whole, t: begin + 3000, r: begin + 3000, x: 1, b: [], a: [[13, 1]] }],
  ]); // prettier-ignore
});

test('a book has a hundred levels a side at most, and those beyond come when others go', async () => {
  const ladder = Array.from({ length: 150 }, (_, index) => level(1000 - index, 1));
  await using dialogue = await Dialogue.begin({}, {}, [
    book(opening, { bids: ladder, asks: [] }),
    change(opening + second, [level(1000, 0), level(850.5, 7)]),
  ]);
  const caller = await dialogue.call('/crypto', 'key');
  await dialogue.say(caller, subscribe);
  dialogue.papertape.run.play();
  const prices = (from: number): unknown => Array.from({ length: 100 }, (_, index) => [from - index, 1]);
  expect(await dialogue.heard(caller, 3n * second)).toMatchObject([[{ b: prices(1000) }], [{ b: prices(999) }]]);
});

test('nothing is heard on subscribing, nor while only changes of a book are known; the books of exchanges stay apart', async () => {
  await using dialogue = await Dialogue.begin({}, {}, [
    change(opening, [level(5, 1)], [], { symbol: 'ETH/USD' }),
    book(opening, { bids: [level(10, 1)], asks: [], exchange: '1' }),
    book(opening, { bids: [level(20, 1)], asks: [], exchange: '2' }),
    change(opening + 3n * second, [level(6, 1)], [], { symbol: 'ETH/USD' }),
    change(opening + 3n * second, [level(21, 1)], [], { exchange: '2' }),
  ]);
  dialogue.papertape.run.play();
  await dialogue.clock.advance(second);
  const late = await dialogue.call('/crypto', 'key');
  expect(await dialogue.say(late, subscribe)).toMatchObject([[{ message: 'subscribed to: XL2.*' }]]);
  expect(await dialogue.heard(late, 5n * second)).toMatchObject([[{ pair: 'BTC-USD', x: 2, b: [[21, 1], [20, 1]] }]]); // prettier-ignore
});

const levels = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 3 })).map(([price, size]) => level(price, size)),
  { maxLength: 4 },
);
const symbols = ['BTC/USD', 'ETH/USD'];
/** Books and changes of two symbols every second, with a quote between that shares their frames. */
const tapes = fc
  .array(fc.record({ symbol: fc.constantFrom(...symbols), bids: levels, asks: levels, reset: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((drawn) =>
    drawn.flatMap((message, index) => {
      const at = opening + BigInt(index) * second;
      return [quote(at, { market: 'crypto', symbol: 'BTC/USD' }), book(at, message)];
    }),
  );

/** What a client of whole books is told of a tape, found the slow and obvious way. */
function told(events: readonly MarketEvent[]): unknown[] {
  const books = new Map<string, Record<'bids' | 'asks', ReadonlyMap<number, number>>>();
  return events.flatMap((event) => {
    if (event.kind !== 'book') return [];
    const before = event.reset ? { bids: new Map(), asks: new Map() } : books.get(event.symbol);
    if (before === undefined) return [];
    const side = (name: 'bids' | 'asks', sign: number) => {
      const sizes = new Map(before[name]);
      for (const { price, size } of event[name]) sizes.set(price, size);
      return new Map([...sizes].filter(([, size]) => size > 0).sort(([one], [other]) => sign * (one - other)));
    };
    const after = { bids: side('bids', -1), asks: side('asks', 1) };
    books.set(event.symbol, after);
    const pair = event.symbol.replace('/', '-');
    const t = Number(event.at / 1_000_000n);
    return [{ ev: 'XL2', pair, t, r: t, x: 1, b: [...after.bids], a: [...after.asks] }];
  });
}

test('whatever the tape, whoever listens beside and wherever it is moved, books are those of playing there', async () => {
  const moment = fc.integer({ min: 0, max: 25 }).map((halves) => (BigInt(halves) * second) / 2n);
  await fc.assert(
    fc.asyncProperty(tapes, fc.boolean(), moment, moment, async (events, crowded, before, target) => {
      await using dialogue = await Dialogue.begin(
        {},
        { endpoints: { alpaca: {}, polygon: { serverPing: 'off' } } },
        events,
      );
      const { run, url } = dialogue.papertape;
      const caller = await dialogue.call('/crypto', 'one');
      await dialogue.say(caller, subscribe);
      if (crowded)
        await dialogue.say(await dialogue.call('/crypto', 'two'), { ...subscribe, params: 'XQ.*,XL2.BTC-USD' });
      await using other = await Listener.subscribed(`${url}/v1beta3/crypto/us`, { orderbooks: ['*'] });
      run.play();
      await dialogue.clock.advance(14n * second);
      const frames = await dialogue.heard(caller);
      expect(frames).toEqual(told(events).map((one) => [one]));
      // Others hear what the tape holds, change by change.
      await other.settled();
      const books = events.filter(({ kind }) => kind === 'book');
      expect(other.events).toHaveLength(books.length);
      run.seek(opening + before);
      await dialogue.clock.advance(second);
      await dialogue.heard(caller);
      run.seek(opening + target);
      await dialogue.clock.advance(40n * second);
      if (opening + target > (events.at(-1)?.at ?? 0n)) return;
      const after = told(events).filter((one) => isAfter(one, opening + target));
      expect(await dialogue.heard(caller)).toEqual(after.map((one) => [one]));
    }),
    { numRuns: 30 },
  );
});

function isAfter(message: unknown, at: bigint): boolean {
  if (typeof message !== 'object' || message === null || !('t' in message)) return false;
  return BigInt(Number(message.t)) * 1_000_000n >= at;
}
