import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Request } from '../../../../client/feeds/feed.ts';
import { wantsOf } from '../../../../client/wants.ts';
import { ManualClock } from '../../../../market/clock.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { minute, second } from '../../../../market/nanos.ts';
import type { Papertape } from '../../../../server/index.ts';
import { httpOf, playToEnd } from '../../../helpers/asker.ts';
import { bar, opening, price } from '../../../helpers/events.ts';
import { FeedEar } from '../../../helpers/feed-ear.ts';
import { serve } from '../../../helpers/serve.ts';
import { feedOf, historyOf } from './open.ts';

// A real socket to the mock exchange, which was built from the same facts and shares no code with the client.

const stock = { exchange: 'NASDAQ', mic: 'XNGS', currency: 'USD', instrument: 'Common Stock' } as const;
const pair = { market: 'forex', symbol: 'EUR/USD', baseCurrency: 'Euro', quoteCurrency: 'US Dollar', exchange: 'PHYSICAL CURRENCY', instrument: 'Physical Currency' } as const; // prettier-ignore
const prices: readonly MarketEvent[] = Array.from({ length: 90 }, (_, step) => {
  const at = opening + BigInt(step) * second;
  return [
    price(at, { ...stock, price: 231 + step / 100, dayVolume: 1_000_000 + step }),
    price(at, { ...pair, price: 1.1703 + step / 1e4, bidPrice: 1.1702, askPrice: 1.1704 }),
  ];
}).flat();
const bars: readonly MarketEvent[] = Array.from({ length: 6 }, (_, step) => {
  const start = opening + BigInt(step) * minute;
  return bar('bar', start, start + minute, { symbol: 'MSFT', open: 410.5 + step, high: 412, low: 410.25, close: 411.75, volume: 900 });
}); // prettier-ignore
const key = { id: 'key', secret: '' };

let papertape: Papertape;
beforeAll(async () => {
  const tape = [...prices, ...bars].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  const clock = new ManualClock(opening);
  papertape = await serve(tape, {}, { keys: [{ key: 'key', plan: 'pro' }], endpoints: { twelvedata: {} } }, clock);
  const feed = feedOf({ streamUrl: papertape.url });
  ear = await FeedEar.subscribed(feed, wantsOf([['price', ['AAPL', 'EUR/USD', 'NOPE']]]), key);
  await playToEnd(papertape, clock);
  await ear.until(({ events }) => events.length >= prices.length);
});
let ear: FeedEar;
afterAll(async () => {
  await ear[Symbol.asyncDispose]();
  await papertape[Symbol.asyncDispose]();
});

test('every price arrives as it went in', () => {
  expect(ear.heard.events).toEqual(prices);
});

test('what is granted and what is not is told by name', () => {
  const [granted, denied] = ear.heard.notices;
  expect(granted).toMatchObject({ kind: 'granted' });
  expect(granted?.kind === 'granted' && granted.wants.get('price')?.has('EUR/USD')).toBe(true);
  expect(denied).toMatchObject({ kind: 'denied', wants: wantsOf([['price', ['NOPE']]]), why: 'not-entitled' });
});

test('history tells the bars row for row', async () => {
  const history = historyOf({ historyUrl: httpOf(papertape) });
  const asked = { channel: 'bar', symbols: ['MSFT'], from: opening, to: opening + 30n * minute } as const;
  const events: MarketEvent[] = [];
  for (let next: Request | undefined = history.request(asked, key); next !== undefined;) {
    const response = await fetch(next.url, { headers: next.headers });
    const answer = history.read(asked, next, response.status, {}, await response.text());
    if (answer.kind !== 'page') return expect.fail(`${next.url}: ${answer.message}`);
    events.push(...answer.events);
    next = answer.next;
  }
  const mean = (event: MarketEvent): MarketEvent =>
    event.kind === 'bar'
      ? { ...event, trades: 0, vwap: Number(((event.high + event.low + event.close) / 3).toPrecision(12)) }
      : event;
  expect(events).toEqual(bars.map(mean));
});

test('a wrong key is refused with words that do not show it', async () => {
  const history = historyOf({ historyUrl: httpOf(papertape) });
  const asked = { channel: 'bar', symbols: ['MSFT'], from: opening, to: opening + minute } as const;
  const request = history.request(asked, { id: 'wrong-key', secret: '' });
  const response = await fetch(request.url, { headers: request.headers });
  const answer = history.read(asked, request, response.status, {}, await response.text());
  expect(answer).toMatchObject({ kind: 'refused', why: 'bad-key' });
  expect(JSON.stringify(answer)).not.toContain('wrong-key');
});
