import { array, assert, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { Cleaning, type Refused } from '../../../client/cleaning.ts';
import { openRules, ruleSettings } from '../../../client/rules/index.ts';
import type { MarketEvent } from '../../../market/event.ts';
import { minute, second } from '../../../market/nanos.ts';
import { bar, opening, price as priceAt, quote, trade } from '../../helpers/events.ts';

type Given = Parameters<typeof ruleSettings.parse>[0];

/** What is left of these events, and why the others are not. */
function cleaned(events: readonly MarketEvent[], settings: Given = {}): { left: MarketEvent[]; refused: string[] } {
  const refused: string[] = [];
  const say = ({ rule, why }: Refused): void => void refused.push(`${rule}: ${why}`);
  const cleaning = new Cleaning(openRules(ruleSettings.parse(settings)), say);
  const left = events.flatMap((event) => {
    const batch = { events: [event], dataSource: 'alpaca', origin: 'stream', heardAt: opening } as const;
    return cleaning.clean(batch)?.events ?? [];
  });
  return { left, refused };
}

test('a clean batch is handed on as it is, not copied', () => {
  const cleaning = new Cleaning(openRules(ruleSettings.parse({})), () => undefined);
  const batch = { events: [trade(opening)], dataSource: 'alpaca', origin: 'stream', heardAt: opening } as const;
  expect(cleaning.clean(batch)).toBe(batch);
});

test('prices that no market has go no further, and the reason names the value', () => {
  const { left, refused } = cleaned([
    trade(opening, { id: '1', price: 0 }),
    trade(opening, { id: '2', price: -3 }),
    trade(opening, { id: '3', price: Infinity }),
    trade(opening, { id: '4', size: -1 }),
    quote(opening, { bidPrice: -1 }),
    bar('bar', opening - minute, opening, { open: 0 }),
    trade(opening, { id: '5' }),
  ]);
  expect(left).toEqual([trade(opening, { id: '5' })]);
  expect(refused).toEqual([
    'saneValues: price 0 is not above zero',
    'saneValues: price -3 is not above zero',
    'saneValues: price Infinity is not above zero',
    'saneValues: size -1 is below zero',
    'saneValues: bid price -1 is below zero',
    'saneValues: open 0 is not above zero',
  ]);
});

test('an empty side of a quote is no fault, and neither is a spread of futures below zero', () => {
  const fine = [quote(opening, { bidPrice: 0, bidSize: 0 }), trade(opening, { market: 'futures', price: -0.25 })];
  expect(cleaned(fine).left).toEqual(fine);
});

test('a crossed quote is refused, a locked one and one without an ask are not', () => {
  const locked = quote(opening, { bidPrice: 10, askPrice: 10 });
  const empty = quote(opening, { bidPrice: 10, askPrice: 0, askSize: 0 });
  const { left, refused } = cleaned([quote(opening, { bidPrice: 10.01, askPrice: 10 }), locked, empty]);
  expect(left).toEqual([locked, empty]);
  expect(refused).toEqual(['crossedQuotes: bid 10.01 is above ask 10']);
});

test('an event from the future is refused, one from long ago is not', () => {
  const old = trade(opening - 1000n * minute, { id: 'old' });
  const { left, refused } = cleaned([trade(opening + 3n * minute), old]);
  expect(left).toEqual([old]);
  expect(refused).toEqual(['aheadOfTime: stamped 3m ahead of our clock']);
});

test('a trade heard twice counts once, however late the second comes; the same id on another day is another trade', () => {
  const first = trade(opening, { id: '7' });
  const nextDay = trade(opening - 1440n * minute, { id: '7' });
  const { left, refused } = cleaned([first, trade(opening, { id: '8' }), first, nextDay]);
  expect(left).toEqual([first, trade(opening, { id: '8' }), nextDay]);
  expect(refused).toEqual(['duplicates: heard already']);
});

test('equal trades and quotes that nothing tells apart all pass', () => {
  const events = [quote(opening), quote(opening), trade(opening, { id: '' }), trade(opening, { id: '' })];
  expect(cleaned(events).left).toEqual(events);
});

test('a last price told twice with the same words for the same second is one; another price or volume of that second is another', () => {
  const said = priceAt(opening, { price: 10, dayVolume: 100 });
  const more = [
    priceAt(opening, { price: 10, dayVolume: 101 }),
    priceAt(opening + second, { price: 10, dayVolume: 100 }),
  ];
  expect(cleaned([said, said, ...more]).left).toEqual([said, ...more]);
});

test('the bar of a day under way is stamped with the day’s end, which is no fault', () => {
  const daily = bar('daily-bar', opening, opening + 600n * minute);
  expect(cleaned([daily]).left).toEqual([daily]);
});

test('the same daily bar sent again every minute passes once', () => {
  const daily = bar('daily-bar', opening - minute, opening);
  const later = bar('daily-bar', opening - minute, opening + minute);
  expect(cleaned([daily, later]).left).toEqual([daily]);
});

test('a half-formed bar is mended, or refused by setting', () => {
  const half = bar('bar', opening - minute, opening, { open: 10, high: 10.5, low: 10.2, close: 11 });
  expect(cleaned([half]).left).toEqual([{ ...half, high: 11, low: 10 }]);
  expect(cleaned([half], { barShape: { mend: false } }).refused).toEqual([
    'barShape: open 10 or close 11 lies outside 10.2 to 10.5',
  ]);
});

test('a price far off is refused by setting, until the market says it thrice', () => {
  const prices = [100, 101, 150, 100, 160, 161, 162, 163];
  const events = prices.map((price, index) => trade(opening, { id: String(index), price }));
  const { left, refused } = cleaned(events, { priceJumps: {} });
  expect(left.map((event) => 'price' in event && event.price)).toEqual([100, 101, 100, 162, 163]);
  expect(refused[0]).toBe('priceJumps: price 150 is more than 20 % off 101');
  expect(cleaned(events).left).toHaveLength(prices.length);
});

test('a rule set to false judges nothing, and an unknown rule is refused by its name', () => {
  expect(cleaned([trade(opening, { price: 0 })], { saneValues: false }).left).toHaveLength(1);
  expect(ruleSettings.safeParse({ saneValue: {} }).error?.message).toContain('saneValue');
});

test('whatever comes, in whatever batches: what is left is what was given, in order, without what was refused', () => {
  const events = array(
    record({
      id: integer({ min: 1, max: 30 }),
      price: integer({ min: -1, max: 3 }),
      at: integer({ min: 0, max: 90 }),
    }),
    { maxLength: 60 },
  );
  assert(
    property(events, integer({ min: 1, max: 20 }), (given, size) => {
      const refused = new Set<MarketEvent>();
      const rules = openRules(ruleSettings.parse({}));
      const cleaning = new Cleaning(rules, ({ event }) => refused.add(event));
      const all = given.map(({ id, price, at }) => trade(opening + BigInt(at) * second, { id: String(id), price }));
      const left: MarketEvent[] = [];
      for (let at = 0; at < all.length; at += size) {
        const batch = {
          events: all.slice(at, at + size),
          dataSource: 'alpaca',
          origin: 'stream',
          heardAt: opening,
        } as const;
        left.push(...(cleaning.clean(batch)?.events ?? []));
      }
      expect(left).toEqual(all.filter((event) => !refused.has(event)));
      const [ids, price] = [
        left.map((event) => 'id' in event && event.id),
        left.every((event) => 'price' in event && event.price > 0),
      ];
      expect(new Set(ids).size).toBe(ids.length);
      expect(price).toBe(true);
      expect(cleaning.counts().reduce((sum, count) => sum + count.refused, 0)).toBe(refused.size);
    }),
  );
});
