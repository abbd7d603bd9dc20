import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { minute, seconds } from '../../market/nanos.ts';
import { isBar, type Bar, type MarketEvent, type Nanos } from '../../market/event.ts';
import { openExchanges } from '../../server/exchanges/index.ts';
import type { Span } from '../../server/exchanges/exchange.ts';
import { TapeHistory } from '../../server/history/tape-history.ts';
import { arrange } from '../../server/arrange.ts';
import { scenarioSchema } from '../../server/scenario/schema.ts';
import { DeckRig, type RigOptions } from '../helpers/deck-rig.ts';
import { opening, quote, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';

/** A deck on a manual clock, and the history of what it plays. */
interface Desk extends AsyncDisposable {
  readonly rig: DeckRig;
  readonly history: TapeHistory;
}

async function desk(
  events: readonly MarketEvent[],
  options: RigOptions = {},
  wall: Nanos = opening + minute * 1_000_000n,
): Promise<Desk> {
  const scenario = scenarioSchema.parse({
    name: 'history',
    tapes: [{ file: 'in-memory.ndjson' }],
    endpoints: { alpaca: {} },
  });
  const timeline = await arrange(scenario, [memorySource(events)], openExchanges(scenario.endpoints));
  const rig = new DeckRig(timeline, events, options, wall);
  const { timestamps = 'original', startAt } = options;
  const history = new TapeHistory({
    timeline,
    exchange: 'alpaca',
    deck: rig.deck,
    startAt,
    timestamps,
    clock: rig.clock,
  });
  return { rig, history, [Symbol.asyncDispose]: async () => rig[Symbol.asyncDispose]() };
}

const signal = new AbortController().signal;
const always = { from: 0n, to: 4_000_000_000_000_000_000n };
const span = (given: Partial<Span> = {}): Span => ({
  market: 'stocks',
  symbol: 'AAPL',
  ...always,
  lag: 0n,
  newestFirst: false,
  ...given,
});
const kinds = ['trade', 'quote'] as const;

/** What a client would see of it: the event and the instant on the wire. */
type Row = readonly [MarketEvent, Nanos];

async function eventsOf({ history }: Desk, of: Span): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const { events, shift } of history.events(of, kinds, signal)) {
    for (const event of events) rows.push([event, event.at + shift]);
  }
  return rows;
}

async function barsOf({ history }: Desk, of: Span, length: 'minute' | 'day'): Promise<Bar[]> {
  const bars: Bar[] = [];
  for await (const { events, shift } of history.bars(of, length, signal)) {
    for (const bar of events) bars.push({ ...bar, at: bar.at + shift, start: bar.start + shift });
  }
  return bars;
}

function playedBy({ rig }: Desk): Row[] {
  return rig.played.map(({ event, shift }): Row => [event, event.at + shift]);
}

/** The bars a client has after it replaced each by its change, as they stood on the wire. */
function barsHeard(of: Desk, kind: 'minute' | 'day', symbol = 'AAPL'): Bar[] {
  const latest = new Map<Nanos, Bar>();
  for (const { event, shift } of of.rig.played) {
    if (!isBar(event) || event.symbol !== symbol || (event.kind === 'daily-bar') !== (kind === 'day')) continue;
    latest.set(event.start + shift, { ...event, at: event.at + shift, start: event.start + shift });
  }
  return [...latest.values()].sort((one, other) => (one.start < other.start ? -1 : 1));
}

/** Minutes of trading in two symbols, with many events at one instant. */
const tape = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom('AAPL', 'MSFT'), fc.boolean()), {
    minLength: 1,
    maxLength: 120,
  })
  .map((steps) => {
    let at = opening;
    return steps.map(([step, symbol, traded], index): MarketEvent => {
      at += seconds(step * step);
      return traded ? trade(at, { symbol, id: String(index), price: 100 + index }) : quote(at, { symbol });
    });
  });

test('whatever is asked at any moment of the play: exactly what has been played, to the row, forwards and backwards', async () => {
  await fc.assert(
    fc.asyncProperty(
      tape,
      fc.integer({ min: 0, max: 1200 }),
      fc.tuple(fc.integer({ min: -10, max: 1000 }), fc.integer({ min: -10, max: 1500 })),
      fc.constantFrom('original', 'shifted' as const),
      fc.boolean(),
      fc.integer({ min: 1, max: 3 }),
      async (events, played, [first, last], timestamps, newestFirst, passes) => {
        await using at = await desk(events, { timestamps, passes, window: 1_000_000n });
        at.rig.deck.play();
        await at.rig.settle();
        await at.rig.clock.advance(seconds(played) + 1_000_000n);
        const base = timestamps === 'shifted' ? at.rig.clock.now() - seconds(600) : opening;
        const asked = span({ from: base + seconds(first), to: base + seconds(last), newestFirst });
        const past = timestamps === 'shifted' ? playedBy(at) : ofLastPass(at);
        const expected = past.filter(
          ([event, wire]) =>
            event.symbol === 'AAPL' &&
            (event.kind === 'trade' || event.kind === 'quote') &&
            wire >= asked.from &&
            wire <= asked.to,
        );
        expect(await eventsOf(at, asked)).toEqual(newestFirst ? expected.toReversed() : expected);
      },
    ),
    { numRuns: 150 },
  );
});

/** With the recorded times, a loop begins the past anew. */
function ofLastPass({ rig }: Desk): Row[] {
  const recorded = rig.played.filter(({ index }) => index >= 0);
  const restart = recorded.findLastIndex(({ index }) => index === 0);
  return recorded.slice(Math.max(0, restart)).map(({ event, shift }) => [event, event.at + shift]);
}

test('bars are those of the stream, late trades counted in, and the day so far, at any moment', async () => {
  await fc.assert(
    fc.asyncProperty(tape, fc.integer({ min: 0, max: 1500 }), fc.boolean(), async (events, played, newestFirst) => {
      await using at = await desk(events, { window: 1_000_000n });
      at.rig.deck.play();
      await at.rig.settle();
      await at.rig.clock.advance(seconds(played) + 1_000_000n);
      for (const length of ['minute', 'day'] as const) {
        const expected = barsHeard(at, length);
        const found = await barsOf(at, span({ newestFirst }), length);
        // A day that stays the same is published again and again; when it last was is not told.
        const comparable = (bar: Bar): Bar => (length === 'day' ? { ...bar, at: 0n } : bar);
        expect(found.map(comparable)).toEqual((newestFirst ? expected.toReversed() : expected).map(comparable));
      }
    }),
    { numRuns: 60 },
  );
});

test('before anything has played there is no history, and now is where the tape begins', async () => {
  await using at = await desk([trade(opening), trade(opening + seconds(1))]);
  expect(await eventsOf(at, span())).toEqual([]);
  expect(at.history.now).toBe(opening);
});

test('who starts in the middle finds what lies before: a bot can warm up', async () => {
  const events = [0, 1, 2, 3].map((second) => trade(opening + seconds(second), { id: String(second) }));
  await using at = await desk(events, { startAt: opening + seconds(2) });
  expect((await eventsOf(at, span())).map(([event]) => event)).toEqual(events.slice(0, 2));
  at.rig.deck.play();
  await at.rig.settle();
  await at.rig.clock.advance(seconds(1));
  expect((await eventsOf(at, span())).map(([event]) => event)).toEqual(events);
});

test('a delayed feed sees nothing younger than its delay', async () => {
  const events = [0, 10, 20].map((minutes) => trade(opening + minute * BigInt(minutes)));
  await using at = await desk(events, { speed: 1000 });
  at.rig.deck.play();
  await at.rig.settle();
  await at.rig.clock.advance(minute);
  expect(await eventsOf(at, span({ lag: minute * 15n }))).toHaveLength(1);
});

test('after a seek back, what lies ahead is the future again', async () => {
  const events = [0, 1, 2, 3].map((second) => trade(opening + seconds(second)));
  await using at = await desk(events);
  at.rig.deck.play();
  await at.rig.settle();
  await at.rig.clock.advance(seconds(3));
  expect(await eventsOf(at, span())).toHaveLength(4);
  at.rig.deck.seek(opening + seconds(1));
  await at.rig.settle();
  expect(await eventsOf(at, span())).toHaveLength(2);
});
