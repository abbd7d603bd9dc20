import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { seconds } from '../../../market/nanos.ts';
import type { MarketEvent, Nanos } from '../../../market/event.ts';
import type { Page } from '../../../server/sources/source.ts';
import { deckCommands, expectedPlaces, obey, type Seek } from '../../helpers/deck-model.ts';
import { DeckRig } from '../../helpers/deck-rig.ts';
import { bar, opening, trade } from '../../helpers/events.ts';
import { reelOf } from '../../helpers/reel.ts';

const span = seconds(20);
const tape = fc
  .array(fc.record({ offset: fc.oneof(fc.bigInt(0n, 20n), fc.bigInt(0n, span)), isBar: fc.boolean() }), {
    minLength: 1,
    maxLength: 25,
  })
  .map((entries) =>
    entries
      .toSorted((a, b) => Number(a.offset - b.offset))
      .map(({ offset, isBar }): MarketEvent =>
        isBar ? bar('bar', opening - seconds(60), opening + offset) : trade(opening + offset),
      ),
  );

test('whatever is done to a deck, nothing is lost, repeated or out of order but by a seek', async () => {
  await fc.assert(
    fc.asyncProperty(
      tape,
      deckCommands(opening, span),
      fc.integer({ min: 1, max: 4 }),
      fc.record({
        pageLength: fc.integer({ min: 1, max: 7 }),
        window: fc.constantFrom(1n, 1_000_000n, 7n),
        maxIdle: fc.constantFrom(undefined, seconds(1)),
        settled: fc.boolean(),
      }),
      async (events, commands, passes, { pageLength, window, maxIdle, settled }) => {
        await using rig = new DeckRig(reelOf(events, pageLength), events, { passes, window, maxIdle });
        const seeks: Seek[] = [];
        let seekPast = false;
        for (const command of commands) {
          if (command.do === 'seek') {
            seeks.push({ after: rig.played.length, at: command.at });
            seekPast = command.at > (events.at(-1)?.at ?? 0n);
          }
          await obey(rig, command, settled);
        }
        rig.deck.setSpeed('max');
        rig.deck.play();
        await rig.settle();
        const places = rig.played.map(({ index }) => index);
        expect(places).toEqual(expectedPlaces(events, seeks, places.length));
        expect(rig.deck.phase).toBe('ended');
        expect(rig.failure).toBeUndefined();
        if (!seekPast) expect(places.at(-1)).toBe(events.length - 1);
        if (seeks.length === 0) expect(places).toHaveLength(events.length * passes);
      },
    ),
    { numRuns: 400 },
  );
});

test('from one event to the next passes exactly the market time between them, whatever speeds and pauses lie between', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      tape,
      deckCommands(opening, span),
      fc.integer({ min: 1, max: 7 }),
      async (events, commands, pageLength) => {
        await using rig = new DeckRig(reelOf(events, pageLength), events, { passes: 3 });
        const moments: Moment[] = [{ wall: 0n, pace: 0n, played: 0, clean: true }];
        for (const command of [...commands, { do: 'advance', by: span } as const]) {
          await obey(rig, command, true);
          const { phase, speed } = rig.deck;
          const pace = phase === 'playing' && speed !== 'max' ? BigInt(Math.round(speed * 1000)) : 0n;
          const clean = command.do !== 'seek' && command.do !== 'step' && speed !== 'max';
          moments.push({ wall: rig.clock.now(), pace, played: rig.played.length, clean });
        }
        const wrong: bigint[] = [];
        const pairs = rig.played.map((after, index) => ({ before: rig.played[index - 1], after, index }));
        for (const { before, after, index } of pairs) {
          if (before?.index !== after.index - 1) continue;
          const from = moments.findLastIndex(({ played }) => played < index);
          const to = moments.findIndex(({ played }) => played > index);
          const between = moments.slice(Math.max(from, 0), to + 1);
          if (between.some(({ clean }) => !clean)) continue;
          const gap = after.event.at - before.event.at;
          const off = marketPassed(between, before.wall, after.wall) - gap * 1000n;
          // Every command may cut off a market nanosecond; events leave on whole nanoseconds of the wall, up to 1000 of the market.
          if (off < -1_000_000n || off > BigInt(between.length) * 1000n + 1_000_000n) wrong.push(off);
          compared++;
        }
        expect(wrong).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
  expect(compared).toBeGreaterThan(300);
});

test('a change of speed or a pause in the middle of a silence moves only what is left of it', async () => {
  const events = [trade(opening), trade(opening + seconds(100))];
  await using rig = new DeckRig(reelOf(events), events, {});
  rig.deck.play();
  await rig.clock.advance(seconds(10));
  rig.deck.setSpeed(10);
  await rig.clock.advance(seconds(3));
  rig.deck.pause();
  await rig.clock.advance(seconds(1000));
  expect(rig.deck.position).toBe(opening);
  rig.deck.setSpeed(0.5);
  rig.deck.play();
  await rig.clock.advance(seconds(1000));
  expect(rig.played.map(({ wall }) => wall)).toEqual([0n, seconds(10 + 3 + 1000 + 60 * 2)]);
});

test('a step to the next bar plays up to and including it, and stops there', async () => {
  const kinds = ['trade', 'trade', 'bar', 'trade', 'bar'];
  const events = kinds.map((kind, index) => {
    const at = opening + seconds(index);
    return kind === 'bar' ? bar('bar', opening, at) : trade(at);
  });
  await using rig = new DeckRig(reelOf(events), events, {});
  rig.deck.step('bar');
  await rig.settle();
  expect(rig.played.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(rig.deck.phase).toBe('paused');
  rig.deck.step('event');
  await rig.settle();
  expect(rig.played).toHaveLength(4);
  expect(rig.deck.position).toBe(opening + seconds(3));
});

test('a step takes along what other exchanges make of the tape, also where a page ends between', async () => {
  const theirs = (after: number) => bar('bar', opening, opening + seconds(after), { publisher: 'other' });
  const own = bar('bar', opening, opening + seconds(5), { publisher: 'first' });
  const events = [trade(opening), theirs(1), theirs(2), theirs(3), trade(opening + seconds(4)), own];
  await using rig = new DeckRig({ ...reelOf(events), publisher: 'first' }, events, {});
  for (const [step, reached] of [
    ['event', 1],
    ['event', 5],
    ['bar', 6],
  ] as const) {
    rig.deck.step(step);
    await rig.settle();
    expect(rig.played).toHaveLength(reached);
  }
});

test('a step that play overtook is not taken at the next pause', async () => {
  const events = [trade(opening), trade(opening + seconds(1)), trade(opening + seconds(2))];
  await using rig = new DeckRig(reelOf(events), events, {});
  rig.deck.step('bar');
  rig.deck.play();
  await rig.settle();
  rig.deck.pause();
  await rig.clock.advance(seconds(10));
  expect(rig.played).toHaveLength(1);
});

test('a seek beyond the last event of a loop goes on with the next loop', async () => {
  const events = [trade(opening), trade(opening + seconds(1))];
  await using rig = new DeckRig(reelOf(events), events, { passes: Infinity, speed: 10 });
  rig.deck.play();
  await rig.settle();
  rig.deck.seek(opening + seconds(50));
  await rig.clock.advance(seconds(1));
  expect(rig.deck.phase).toBe('playing');
  expect(rig.played.slice(0, 3).map(({ index }) => index)).toEqual([0, 0, 1]);
});

test('an empty reel ends at once, however often it should loop', async () => {
  await using rig = new DeckRig(reelOf([]), [], { passes: Infinity });
  rig.deck.play();
  await rig.clock.advance(seconds(1));
  expect(rig.ends).toBe(1);
});

test('a reel that breaks stops the deck after the pages before, and no command revives it', async () => {
  const events: MarketEvent[] = [trade(opening), trade(opening)];
  const reel = {
    from: opening,
    async *pages() {
      yield events;
      throw new Error('bad sector');
    },
  };
  await using rig = new DeckRig(reel, events, {});
  rig.deck.play();
  await rig.settle();
  rig.deck.seek(opening);
  rig.deck.play();
  await rig.settle();
  expect(rig.played).toHaveLength(2);
  expect(rig.deck.phase).toBe('broken');
  expect(rig.failure).toEqual(new Error('bad sector'));
});

test('a seek away from pages whose reading breaks when called off plays on elsewhere', async () => {
  const events = [trade(opening), trade(opening + 1n)];
  const reel = {
    from: opening,
    async *pages(from: Nanos, signal: AbortSignal): AsyncGenerator<Page> {
      if (from > opening) return yield events.filter(({ at }) => at >= from);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new Error('called off');
    },
  };
  await using rig = new DeckRig(reel, events, {});
  rig.deck.play();
  await rig.settle();
  rig.deck.seek(opening + 1n);
  await rig.settle();
  expect(rig.played.map(({ index }) => index)).toEqual([1]);
  expect(rig.failure).toBeUndefined();
});

/** How a deck stood after a command. */
interface Moment {
  readonly wall: Nanos;
  /** Market time per thousand of wall time, until the next moment. */
  readonly pace: bigint;
  /** Events played so far. */
  readonly played: number;
  /** False when the needle was put elsewhere, or time did not count. */
  readonly clean: boolean;
}

/** Thousandths of market nanoseconds that passed between two instants. */
function marketPassed(moments: readonly Moment[], from: Nanos, to: Nanos): bigint {
  const later = (a: Nanos, b: Nanos): Nanos => (a > b ? a : b);
  return moments.reduce((sum, { wall, pace }, index) => {
    const end = moments[index + 1]?.wall ?? to;
    const [start, stop] = [later(wall, from), end < to ? end : to];
    return stop > start ? sum + (stop - start) * pace : sum;
  }, 0n);
}
