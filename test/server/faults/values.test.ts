import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bar, MarketEvent } from '../../../market/event.ts';
import { minute, second, seconds } from '../../../market/nanos.ts';
import { pricesOf } from '../../../market/prices.ts';
import { bar, book, news, opening, price, quote, status, trade } from '../../helpers/events.ts';
import { rehearse } from '../../helpers/rehearse.ts';

const cents = fc.integer({ min: 1, max: 5_000_000 }).map((count) => count / 100);
const minuteBar = fc
  .record({ prices: fc.array(cents, { minLength: 4, maxLength: 4 }), volume: fc.integer({ min: 1, max: 1e6 }) })
  .map(({ prices, volume }): Bar => {
    const [low = 0, open = 0, close = 0, high = 0] = prices.toSorted((a, b) => a - b);
    return bar('bar', opening, opening + minute, {
      open,
      high,
      low,
      close,
      vwap: (open + close) / 2,
      volume,
      trades: 3,
    });
  });
const only = (handed: ReturnType<typeof rehearse>): MarketEvent => {
  const [one] = handed;
  if (one === undefined || handed.length > 1) expect.fail(`${handed.length} events instead of one`);
  return one.event;
};

test('stale stamps are so much older than the event', () => {
  const [first, next] = [trade(opening), trade(opening + second)];
  expect(rehearse({ stale: { by: '15m' } }, [first, next]).map(({ skew }) => skew)).toEqual([
    -15n * minute,
    -15n * minute,
  ]);
});

test('frozen stamps say the time of the first event for ever', () => {
  const events = [trade(opening), quote(opening + second), trade(opening + seconds(90))];
  const stamped = rehearse({ stale: {} }, events).map(({ event, skew }) => event.at + skew);
  expect(stamped).toEqual([opening, opening, opening]);
});

test('a skewed clock is ahead, or behind', () => {
  expect(rehearse({ skew: { by: '250ms' } }, [trade(opening)])[0]?.skew).toBe(250_000_000n);
  expect(rehearse({ skew: { by: '2s', direction: 'behind' } }, [trade(opening)])[0]?.skew).toBe(-seconds(2));
});

test.each([trade(opening), quote(opening), bar('bar', opening, opening + minute), book(opening), price(opening)])(
  'every price of a $kind is 0, and its sizes stay',
  (event) => {
    const spoilt = only(rehearse({ zeroPrice: {} }, [event]));
    expect(new Set(pricesOf(spoilt))).toEqual(new Set([0]));
    expect(pricesOf(spoilt)).toHaveLength(pricesOf(event).length);
    const sized = (one: MarketEvent) => ('size' in one ? one.size : 'volume' in one ? one.volume : undefined);
    expect(sized(spoilt)).toBe(sized(event));
  },
);

test('what names no price passes untouched, as the very same event', () => {
  const events = [status(opening), news(opening)];
  expect(rehearse({ zeroPrice: {} }, events).map(({ event }) => event)).toEqual(events);
  for (const event of events) expect(only(rehearse({ zeroPrice: {} }, [event]))).toBe(event);
});

test('a crossed quote bids above its ask, whatever it said before', () => {
  fc.assert(
    fc.property(cents, cents, (bidPrice, askPrice) => {
      const spoilt = only(rehearse({ crossQuote: {} }, [quote(opening, { bidPrice, askPrice })]));
      if (spoilt.kind !== 'quote') expect.fail('not a quote');
      expect(spoilt.bidPrice).toBeGreaterThan(spoilt.askPrice);
    }),
  );
});

test('a quote with an empty side is not crossed', () => {
  const oneSided = quote(opening, { bidPrice: 0 });
  expect(only(rehearse({ crossQuote: {} }, [oneSided]))).toBe(oneSided);
});

test.each([
  ['C', ['@'], ['@', 'Z']],
  ['C', ['@', 'F', 'I'], ['@', 'F', 'Z', 'I']],
  ['A', [' '], [' ', 'Z']],
  ['C', ['@', 'T', 'I'], ['@', 'U', 'I']],
  ['C', [], ['Z']],
] as const)('a trade of tape %s with %j is reported late with %j', (tape, conditions, reported) => {
  const event = trade(opening, { tape, conditions, sequence: 17 });
  const [late] = rehearse({ lateTrade: { by: '10s' } }, [event]);
  expect(late).toEqual({ event: { ...event, conditions: reported }, skew: 0n, after: seconds(10) });
});

test('a late trade of a market without sale conditions has none', () => {
  const event = trade(opening, { market: 'crypto', symbol: 'BTC/USD', conditions: [] });
  expect(only(rehearse({ lateTrade: {} }, [event]))).toBe(event);
});

test('a correction names the trade as it was, and as it should have been', () => {
  const event = trade(opening, { id: '52983', conditions: ['@', 'I'] });
  const [first, then] = rehearse({ correct: { by: '5s', change: 0.01 } }, [event]);
  expect(first?.event).toBe(event);
  const original = { id: '52983', price: 231.47, size: 100, conditions: ['@', 'I'] };
  expect(then).toMatchObject({ after: seconds(5), event: { kind: 'correction', at: opening + seconds(5), original } });
  if (then?.event.kind !== 'correction') expect.fail('no correction');
  expect([229.16, 233.78]).toContain(then.event.corrected.price);
  expect(then.event.corrected).toMatchObject({ id: '9000000052983', size: 100, conditions: ['@', 'I'] });
});

test('a cancelled trade is named by its id, price and size', () => {
  const event = trade(opening, { id: '465', price: 189.31, size: 300 });
  const [, then] = rehearse({ cancel: { by: '5s', why: 'error' } }, [event]);
  const taken = {
    kind: 'cancel',
    at: opening + seconds(5),
    id: '465',
    price: 189.31,
    size: 300,
    action: 'E',
    exchange: 'V',
  };
  expect(then).toMatchObject({ after: seconds(5), event: taken });
});

test('a revised bar is sound, has more volume and another close, and is an updated bar', () => {
  fc.assert(
    fc.property(minuteBar, (event) => {
      const [first, then] = rehearse({ reviseBar: { by: '30s' } }, [event]);
      expect(first?.event).toBe(event);
      const revised = then?.event;
      if (revised?.kind !== 'updated-bar') expect.fail('no updated bar');
      expect(then?.after).toBe(seconds(30));
      expect(revised.start).toBe(event.start);
      expect(revised.volume).toBeGreaterThan(event.volume);
      expect(revised.close).not.toBe(event.close);
      expectSound(revised);
    }),
  );
});

test('a half-formed bar is sound and has half the volume, and is mended if so wished', () => {
  fc.assert(
    fc.property(minuteBar, (event) => {
      const [half, whole] = rehearse({ halfFormedBar: { fixed: '30s' } }, [event]);
      if (half?.event.kind !== 'bar') expect.fail('no bar');
      expect(half.event.volume).toBe(Math.ceil(event.volume / 2));
      expectSound(half.event);
      expect(whole).toEqual({
        event: { ...event, kind: 'updated-bar', at: event.at + seconds(30) },
        skew: 0n,
        after: seconds(30),
      });
      expect(rehearse({ halfFormedBar: {} }, [event])).toHaveLength(1);
    }),
  );
});

test.each(['second-bar', 'daily-bar'] as const)('a %s is neither revised nor half formed', (kind) => {
  const event = bar(kind, opening, opening + minute);
  expect(only(rehearse({ reviseBar: {} }, [event]))).toBe(event);
  expect(only(rehearse({ halfFormedBar: {} }, [event]))).toBe(event);
});

function expectSound({ open, high, low, close, vwap }: Bar): void {
  expect(high).toBeGreaterThanOrEqual(Math.max(open, close, vwap));
  expect(low).toBeLessThanOrEqual(Math.min(open, close, vwap));
  expect(low).toBeGreaterThan(0);
}
