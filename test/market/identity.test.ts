import { expect, test } from 'vitest';
import { eventKey, Ordinals } from '../../market/identity.ts';
import { bar, opening, quote, status, trade } from '../helpers/events.ts';

const unlisted = {
  market: 'crypto',
  symbol: 'BTC/USD',
  at: opening,
  exchange: undefined,
  receivedAt: undefined,
} as const;

test('the same event heard again has the same key, whatever else is known of it', () => {
  expect(eventKey(trade(opening, { id: '7', exchange: 'V' }))).toBe('V/7');
  expect(eventKey(trade(opening, { id: '7', exchange: 'V', receivedAt: opening, price: 1 }))).toBe('V/7');
  expect(eventKey(quote(opening, { sequence: 12 }))).toBe('#12');
  expect(eventKey(status(opening))).toBe(eventKey(status(opening + 1n, { symbol: 'MSFT' })));
});

test('events without an id of their own differ when they say something else', () => {
  const keys = [
    trade(opening, { id: '' }),
    trade(opening, { id: '', price: 1 }),
    bar('bar', opening, opening),
    bar('bar', opening + 1n, opening),
    status(opening),
    status(opening, { code: 'T' }),
  ].map(eventKey);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a stream and a history that list the fields in different orders say the same event', () => {
  const book = { ...unlisted, kind: 'book', bids: [{ price: 1, size: 2 }], asks: [], reset: true } as const;
  const turned = { reset: true, asks: [], bids: [{ size: 2, price: 1 }], kind: 'book', ...unlisted } as const;
  expect(eventKey({ ...turned, receivedAt: opening })).toBe(eventKey(book));
  const one = quote(opening);
  expect(eventKey(Object.assign({ tape: one.tape, session: one.session }, one))).toBe(eventKey(one));
  expect(eventKey({ ...one, receivedAt: opening })).toBe(eventKey(one));
});

test('equal events of one instant are numbered, and a new instant starts at 0', () => {
  const ordinals = new Ordinals();
  const one = trade(opening);
  const other = trade(opening, { symbol: 'MSFT' });
  const number = (event: typeof one): number => ordinals.of(event, eventKey(event));
  expect([one, one, other, one, trade(opening + 1n), other].map(number)).toEqual([0, 1, 0, 2, 0, 0]);
});
