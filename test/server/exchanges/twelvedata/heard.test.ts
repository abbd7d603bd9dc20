import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MarketEvent } from '../../../../market/event.ts';
import { price as priceOf } from '../../../helpers/events.ts';
import { any, holdHeard, heardOf, made, maybe, wireOn } from '../../../helpers/heard.ts';

const wire = wireOn('twelvedata', '/v1/quotes/price');
const { text, seconds, price, whole, symbol } = any;

test('a recorder hears the prices of stocks as they were, and of the instrument what the wire adds', () => {
  const fields = {
    at: seconds,
    symbol,
    price,
    dayVolume: maybe(whole),
    exchange: maybe(text),
    mic: maybe(text),
    currency: maybe(text),
  };
  const events = made(fields, ({ at, ...given }) => priceOf(at, { instrument: 'Common Stock', ...given }));
  // What a tape does not know of an instrument, the vendor does.
  const known = (event: object): object =>
    Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));
  expect(() => holdHeard(wire, events, known)).not.toThrow();
});

test('a recorder tells the markets of pairs and indices by the kind of their instrument', () => {
  const kinds = fc.constantFrom(
    ...([
      ['crypto', 'BTC/USD', 'Digital Currency'],
      ['forex', 'EUR/USD', 'Physical Currency'],
      ['indices', 'SPX', 'Index'],
    ] as const),
  );
  const events = made({ at: seconds, kind: kinds, price }, ({ at, kind: [market, pair, instrument], ...given }) =>
    priceOf(at, { market, symbol: pair, instrument, ...given }),
  );
  const named = ({ market, symbol: of, at }: MarketEvent): object => ({ market, symbol: of, at });
  expect(() => holdHeard(wire, events, named)).not.toThrow();
});

test('heartbeats and replies are no events', () => {
  const kinds = ['heartbeat', 'subscribe-status', 'reset-status'].map((event) =>
    heardOf(wire, Buffer.from(JSON.stringify({ event, status: 'ok' }))),
  );
  expect(kinds.flat().map(({ meaning }) => meaning.kind)).toEqual(['answer', 'answer', 'answer']);
});
