import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Wish } from '../../../server/exchanges/exchange.ts';
import { Subscriptions } from '../../../server/fan-out/subscriptions.ts';
import { grant, release, type Terms } from '../../../server/session/wishes.ts';

const wish = (channel: 'trade' | 'quote', symbol: string, more: Partial<Wish> = {}): Wish => ({
  channels: [channel],
  symbols: [symbol],
  ...more,
});

const terms = (changes: Partial<Terms> = {}): Terms => ({
  plan: { symbols: { limit: 3, counted: ['trade', 'quote'] } },
  heldSymbols: 1000,
  overLimit: 'excess',
  unknownSymbols: 'silent',
  marketOf: (symbol) => (symbol.startsWith('X') ? undefined : 'stocks'),
  ...changes,
});

/** What became of each wish, in their order. */
function outcomes(wishes: readonly Wish[], held: Subscriptions, of: Terms): readonly string[] {
  const granted = grant(wishes, held, of);
  return typeof granted === 'string' ? [granted] : granted.verdicts.map(({ outcome }) => outcome);
}

const three = [wish('trade', 'A'), wish('trade', 'B'), wish('quote', 'C')];

test('a wish beyond the limit is refused with its request, with every wish beside it, or alone, as the exchange does it', () => {
  const four = [wish('trade', 'A'), wish('trade', 'B'), wish('trade', 'C'), wish('trade', 'D')];
  const none = Subscriptions.none;
  expect(outcomes(four, none, terms({ overLimit: 'request' }))).toEqual(['too-many-symbols']);
  expect(outcomes(four, none, terms({ overLimit: 'every-wish' }))).toEqual(Array(4).fill('too-many-symbols'));
  expect(outcomes(four, none, terms({ overLimit: 'excess' }))).toEqual(['done', 'done', 'done', 'too-many-symbols']);
  expect(outcomes(three, none, terms({ overLimit: 'request' }))).toEqual(['done', 'done', 'done']);
});

test('a wish that its translator finds beyond the limit is treated like any other that goes beyond it', () => {
  const two = [wish('trade', 'A'), wish('trade', 'B', { refused: 'too-many-symbols' })];
  const none = Subscriptions.none;
  expect(outcomes(two, none, terms({ overLimit: 'request' }))).toEqual(['too-many-symbols']);
  expect(outcomes(two, none, terms({ overLimit: 'every-wish' }))).toEqual(Array(2).fill('too-many-symbols'));
  expect(outcomes(two, none, terms({ overLimit: 'excess' }))).toEqual(['done', 'too-many-symbols']);
});

test('an exchange that answers a request as a whole refuses it as a whole when nothing of it may be granted', () => {
  const refused = [wish('trade', 'A', { refused: 'not-in-plan' }), wish('trade', 'B', { refused: 'internal' })];
  const none = Subscriptions.none;
  expect(outcomes(refused, none, terms({ overLimit: 'request' }))).toEqual(['not-in-plan']);
  expect(outcomes([...refused, wish('trade', 'C')], none, terms({ overLimit: 'request' }))).toEqual([
    'not-in-plan',
    'internal',
    'done',
  ]);
  expect(outcomes(refused, none, terms({ overLimit: 'excess' }))).toEqual(['not-in-plan', 'internal']);
  expect(outcomes([], none, terms({ overLimit: 'request' }))).toEqual([]);
});

test('what a plan does not include, what no tape has and what the translator refuses harms no wish beside it', () => {
  const wishes = [
    wish('quote', 'A'),
    wish('trade', 'XX'),
    wish('trade', 'B', { refused: 'no-wildcard' }),
    wish('trade', 'C'),
  ];
  const strict = terms({ unknownSymbols: 'refused', plan: { symbols: undefined, channels: ['trade'] } });
  expect(outcomes(wishes, Subscriptions.none, strict)).toEqual([
    'not-in-plan',
    'unknown-symbol',
    'no-wildcard',
    'done',
  ]);
  const trial = terms({ plan: { symbols: undefined, only: ['C'] } });
  expect(outcomes([wish('trade', 'B'), wish('trade', 'C')], Subscriptions.none, trial)).toEqual([
    'not-in-plan',
    'done',
  ]);
});

test('what is held already is the same as before, and so is what is given up without being held', () => {
  const held = Subscriptions.none.with([{ channel: 'trade', symbols: ['A'] }]);
  expect(outcomes([wish('trade', 'A'), wish('quote', 'A')], held, terms())).toEqual(['same', 'done']);
  const { verdicts, next } = release([wish('trade', 'A'), wish('trade', 'B')], held, terms());
  expect(verdicts.map(({ outcome }) => outcome)).toEqual(['done', 'same']);
  expect(next.empty).toBe(true);
});

test('whatever is asked, no more is held than the plan allows, and exactly what was granted is new', () => {
  const anyWish = fc
    .tuple(fc.constantFrom('trade', 'quote' as const), fc.constantFrom('A', 'B', 'C', 'D', 'XX', '*'))
    .map(([channel, symbol]) => wish(channel, symbol));
  const requests = fc.array(fc.array(anyWish, { minLength: 1, maxLength: 6 }), { maxLength: 6 });
  fc.assert(
    fc.property(requests, fc.constantFrom('request', 'every-wish', 'excess' as const), (asked, overLimit) => {
      let held = Subscriptions.none;
      for (const wishes of asked) {
        const granted = grant(wishes, held, terms({ overLimit }));
        if (typeof granted === 'string') continue;
        expect(granted.verdicts.map((verdict) => verdict.wish)).toEqual(wishes);
        for (const { wish: one, outcome } of granted.verdicts) {
          const [channel = 'trade', symbol = ''] = [one.channels[0], one.symbols[0]];
          expect(granted.next.holds(channel, symbol)).toBe(outcome === 'done' || outcome === 'same');
          if (outcome === 'same') expect(held.holds(channel, symbol)).toBe(true);
        }
        held = granted.next;
        expect(held.count(['trade', 'quote'])).toBeLessThanOrEqual(3);
      }
    }),
  );
});

test('a request of very many symbols is judged in one go, and no odd symbol is taken for several', () => {
  const many = Array.from({ length: 60_000 }, (_, index) => wish('trade', `S${index}`));
  const limit = { limit: 50_000, counted: ['trade'] } as const;
  const granted = grant(many, Subscriptions.none, terms({ heldSymbols: 100_000, plan: { symbols: limit } }));
  expect(granted).not.toBe('too-many-symbols');
  const next = typeof granted === 'string' ? Subscriptions.none : granted.next;
  expect(next.size).toBe(50_000);
  expect(release(many, next, terms()).next.empty).toBe(true);
  const odd = Subscriptions.none.with([{ channel: 'trade', symbols: ['AAPL;quote:MSFT', 'A,B', '"'] }]);
  const plain = Subscriptions.none.with([
    { channel: 'trade', symbols: ['AAPL', 'A', 'B', '"'] },
    { channel: 'quote', symbols: ['MSFT'] },
  ]);
  expect(odd.key).not.toBe(plain.key);
});
