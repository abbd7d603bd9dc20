import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventJson, timeLength } from '../../market/event-json.ts';
import { bar, book, news, opening, price, quote, status, trade } from '../helpers/events.ts';

test('an event is JSON with its fields by name, times to the nanosecond and what is unknown left out', () => {
  const told = new EventJson().of(trade(opening + 7n, { symbol: 'EUR/USD', participantAt: opening }), 'alpaca');
  expect(JSON.parse(told)).toEqual({
    at: '2026-07-01T14:30:00.000000007Z',
    kind: 'trade',
    market: 'stocks',
    symbol: 'EUR/USD',
    dataSource: 'alpaca',
    id: '1',
    price: 231.47,
    size: 100,
    exchange: 'V',
    conditions: ['@'],
    tape: 'C',
    participantAt: '2026-07-01T14:30:00.000000000Z',
  });
});

test('every kind of event is JSON, whatever its texts hold', () => {
  const spelled = new EventJson();
  const odd = 'a "quoted"\nword \ud800';
  for (const event of [
    quote(opening, { symbol: odd }),
    bar('bar', opening, opening + 60n),
    status(opening, { message: odd }),
    book(opening),
    news(opening, { headline: odd, createdAt: opening - 1n }),
    price(opening, { currency: 'USD' }),
  ]) {
    expect(JSON.parse(spelled.of(event, 'polygon'))).toMatchObject({ kind: event.kind, symbol: event.symbol });
  }
});

test('times sort as text as they do in time, in whatever order they are spelled', () => {
  const instants = fc.bigInt({ min: -(10n ** 17n), max: 9n * 10n ** 18n });
  fc.assert(
    fc.property(fc.array(instants, { minLength: 2 }), (times) => {
      const spelled = new EventJson();
      const texts = times.map((at) => spelled.time(at));
      expect(texts.every((text) => text.length === timeLength)).toBe(true);
      const inTime = times.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
      expect(texts.toSorted()).toEqual(inTime.map((at) => new EventJson().time(at)));
    }),
  );
});
