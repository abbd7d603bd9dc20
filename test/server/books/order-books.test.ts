import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { seconds } from '../../../market/nanos.ts';
import type { Book } from '../../../market/event.ts';
import { arrange } from '../../../server/arrange.ts';
import { openExchanges } from '../../../server/exchanges/index.ts';
import { scenarioSchema } from '../../../server/scenario/schema.ts';
import type { Timeline } from '../../../server/timeline.ts';
import { WholeBooks } from '../../../server/books/whole-books.ts';
import { book, opening, trade } from '../../helpers/events.ts';
import { type Element, Listener } from '../../helpers/listener.ts';
import { memorySource } from '../../helpers/memory-source.ts';
import { serve } from '../../helpers/serve.ts';

const path = '/v1beta3/crypto/us';
const second = seconds(1);
const level = (price: number, size: number) => ({ price, size });
const change = (at: bigint, bids: Book['bids'], asks: Book['asks'] = []): Book =>
  book(at, { reset: false, bids, asks });

/** What a client makes of the book messages it heard: the sizes by price, per symbol and side. */
function kept(heard: readonly Element[]): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const sides: Record<string, Record<string, number>> = {};
  for (const message of heard) {
    for (const side of ['b', 'a']) {
      const name = `${String(message['S'])} ${side}`;
      const before = message['r'] === true ? undefined : sides[name];
      // A change of something unknown would go wrong in silence at a client.
      if (message['r'] !== true) expect(before, `${name} was whole before it changed`).toBeDefined();
      const after: Record<string, number> = { ...before };
      const levels: unknown = message[side];
      for (const { p, s } of Array.isArray(levels) ? levels : []) {
        if (s === 0) delete after[p];
        else after[p] = s;
      }
      sides[name] = after;
    }
  }
  return sides;
}

test('who subscribes late hears the whole book at once, then the changes, as it is acknowledged before', async () => {
  const clock = new ManualClock(opening);
  const events = [
    book(opening, { bids: [level(10, 1), level(9, 2)], asks: [level(11, 3)] }),
    change(opening + second, [level(9, 0), level(9.5, 4)]),
    trade(opening + 2n * second, { market: 'crypto', symbol: 'BTC/USD' }),
    change(opening + 5n * second, [], [level(11, 2.5)]),
  ];
  await using papertape = await serve(events, {}, {}, clock);
  await using early = await Listener.subscribed(papertape.url + path, { orderbooks: ['BTC/USD'] });
  papertape.run.play();
  await clock.advance(3n * second);
  await using late = await Listener.subscribed(papertape.url + path, { trades: ['BTC/USD'] });
  await late.settled();
  expect(late.events).toEqual([]);
  await late.ask({ action: 'subscribe', orderbooks: ['*'] });
  await late.heard(1);
  expect(late.frames.slice(-2)).toMatchObject([
    [{ T: 'subscription', orderbooks: ['*'] }],
    [
      {
        T: 'o',
        S: 'BTC/USD',
        t: '2026-07-01T14:30:01Z',
        b: [
          { p: 10, s: 1 },
          { p: 9.5, s: 4 },
        ],
        a: [{ p: 11, s: 3 }],
        r: true,
      },
    ],
  ]);
  // Asking for what it holds already brings nothing again.
  await late.ask({ action: 'subscribe', orderbooks: ['BTC/USD'] });
  await clock.advance(5n * second);
  await Promise.all([late.heard(2), early.heard(3)]);
  await Promise.all([late.settled(), early.settled()]);
  expect(late.events).toHaveLength(2);
  expect(kept(late.events)).toEqual(kept(early.events));
});

test('a book of which only changes were played, or that the tape went back on, is not told', async () => {
  const clock = new ManualClock(opening);
  const events = [
    change(opening, [level(9, 1)]),
    book(opening + second, { symbol: 'ETH/USD', bids: [level(5, 1)], asks: [] }),
    change(opening + 9n * second, [level(8, 1)]),
  ];
  await using papertape = await serve(events, {}, {}, clock);
  papertape.run.play();
  await clock.advance(2n * second);
  await using late = await Listener.subscribed(papertape.url + path, { orderbooks: ['*'] });
  await late.settled();
  expect(late.events.map(({ S }) => S)).toEqual(['ETH/USD']);
  papertape.run.seek(opening);
  await clock.advance(second / 2n);
  await using later = await Listener.subscribed(papertape.url + path, { orderbooks: ['*'] });
  await later.settled();
  expect(later.events).toEqual([]);
});

const levels = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 3 })).map(([price, size]) => level(price, size)),
  { maxLength: 4 },
);
const symbols = ['BTC/USD', 'ETH/USD'];
/** Whole books of both symbols, then a change or another whole book every second. */
const tapes = fc
  .array(fc.record({ symbol: fc.constantFrom(...symbols), bids: levels, asks: levels, reset: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((drawn) => [
    ...symbols.map((symbol) => book(opening, { symbol, bids: [], asks: [] })),
    ...drawn.map((message, index) => book(opening + BigInt(index + 1) * second, message)),
  ]);

test('whenever somebody subscribes, in the end he holds the same books as those who heard everything', async () => {
  await fc.assert(
    fc.asyncProperty(tapes, fc.nat(12), fc.boolean(), async (events, joins, msgpack) => {
      const clock = new ManualClock(opening);
      await using papertape = await serve(events, { frameWindow: '1ms' }, {}, clock);
      await using early = await Listener.subscribed(papertape.url + path, { orderbooks: symbols }, { msgpack });
      papertape.run.play();
      await clock.advance(BigInt(joins) * second + second / 2n);
      await using late = await Listener.subscribed(papertape.url + path, { orderbooks: symbols }, { msgpack });
      await clock.advance(13n * second);
      await Promise.all([early.settled(), late.settled()]);
      expect(early.events).toHaveLength(events.length);
      expect(kept(late.events)).toEqual(kept(early.events));
    }),
    { numRuns: 15 },
  );
});

test('wherever the tape is moved, who was there and who comes later hold the books of those for whom it just played', async () => {
  const moment = fc.integer({ min: 0, max: 25 }).map((halves) => (BigInt(halves) * second) / 2n);
  await fc.assert(
    fc.asyncProperty(tapes, moment, moment, moment, async (events, before, target, after) => {
      const clock = new ManualClock(opening);
      await using straight = await serve(events, {}, {}, clock);
      await using moved = await serve(events, {}, {}, clock);
      await using listens = await Listener.subscribed(straight.url + path, { orderbooks: symbols });
      await using stayed = await Listener.subscribed(moved.url + path, { orderbooks: symbols });
      for (const { run } of [straight, moved]) run.play();
      await clock.advance(before);
      moved.run.seek(opening + target);
      await clock.advance(after);
      await using came = await Listener.subscribed(moved.url + path, { orderbooks: symbols });
      await clock.advance(40n * second);
      await Promise.all([listens.settled(), stayed.settled(), came.settled()]);
      // Past the last event there is nothing to arrive at.
      if (opening + target > (events.at(-1)?.at ?? 0n)) return;
      expect(kept(stayed.events)).toEqual(kept(listens.events));
      expect(kept(came.events)).toEqual(kept(listens.events));
    }),
    { numRuns: 25 },
  );
});

test('the books at every event after a seek are those of playing there', async () => {
  const scenario = scenarioSchema.parse({ name: 'seek', tapes: [{ file: 'in-memory.ndjson' }] });
  const signal = new AbortController().signal;
  const wholes = async (timeline: Timeline, from: bigint): Promise<unknown[]> => {
    const books = new WholeBooks();
    const told: unknown[] = [];
    for await (const page of timeline.pages(from, signal)) {
      for (const event of page) {
        if (event.kind === 'book') books.change(event, 0n);
        const standing = books.standing(() => true);
        if (event.at >= from)
          told.push([event.at, standing.map(({ book: { symbol, bids, asks } }) => [symbol, bids, asks])]);
      }
    }
    return told;
  };
  await fc.assert(
    fc.asyncProperty(tapes, fc.integer({ min: 0, max: 25 }), fc.boolean(), async (events, halves, played) => {
      const from = opening + (BigInt(halves) * second) / 2n;
      const sought = await arrange(scenario, [memorySource(events)], openExchanges(undefined));
      const all = (await wholes(sought, opening)).filter((told) => Array.isArray(told) && told[0] >= from);
      const fresh = await arrange(scenario, [memorySource(events)], openExchanges(undefined));
      // What a pass has kept in memory tells the same as what is read anew.
      const after = await wholes(played ? sought : fresh, from);
      expect(after.slice(after.length - all.length)).toEqual(all);
    }),
    { numRuns: 200 },
  );
});
