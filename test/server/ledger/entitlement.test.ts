import { expect, test } from 'vitest';
import { Entitlement } from '../../../server/ledger/entitlement.ts';
import type { Interest } from '../../../server/fan-out/group.ts';
import { Subscriptions } from '../../../server/fan-out/subscriptions.ts';

const interest = (...symbols: readonly string[]): Interest => ({
  exchange: { name: 'alpaca' },
  markets: ['stocks'],
  subscriptions: Subscriptions.none.with(symbols.length === 0 ? [] : [{ channel: 'trade', symbols }]),
  deflateFrom: undefined,
});

/** Each claim as its symbols, the session that hears it, and its numbers. */
const told = ({ claims }: Entitlement): string[] =>
  claims.map(({ interest: { subscriptions }, session = 'nobody', from, to = '' }) => {
    const symbols = subscriptions.list().flatMap((one) => one.symbols);
    return `${symbols.join()} by ${session} ${from}–${to}`;
  });

test('what a connection held is owed until the client subscribes to some of it again, and from then on no more than that', () => {
  const entitlement = new Entitlement();
  entitlement.hears(1, interest('AAPL', 'MSFT'), 5);
  entitlement.leaves(1, 10);
  entitlement.leaves(1, 11);
  entitlement.hears(2, interest('MSFT'), 20);
  expect(told(entitlement)).toEqual(['AAPL,MSFT by 1 5–10', 'AAPL,MSFT by nobody 10–20', 'MSFT by 2 20–']);
});

test('of two connections that end, each leaves its own, and who comes back for one takes up that one', () => {
  const entitlement = new Entitlement();
  entitlement.hears(1, interest('AAPL'), 0);
  entitlement.hears(2, interest('MSFT'), 0);
  entitlement.leaves(1, 10);
  entitlement.leaves(2, 11);
  entitlement.hears(3, interest('MSFT'), 20);
  entitlement.hears(4, interest('*'), 30);
  expect(told(entitlement).slice(2)).toEqual([
    'AAPL by nobody 10–30',
    'MSFT by nobody 11–20',
    'MSFT by 3 20–',
    '* by 4 30–',
  ]);
});

test('who comes back for something else has changed its mind; who says goodbye to it on another connection too', () => {
  const entitlement = new Entitlement();
  entitlement.hears(1, interest('AAPL'), 0);
  entitlement.leaves(1, 10);
  entitlement.hears(2, interest('MSFT'), 20);
  entitlement.hears(3, interest('MSFT'), 21);
  entitlement.leaves(3, 30);
  entitlement.hears(2, interest(), 40);
  entitlement.leaves(2, 50);
  expect(told(entitlement)).toEqual([
    'AAPL by 1 0–10',
    'AAPL by nobody 10–20',
    'MSFT by 2 20–40',
    'MSFT by 3 21–30',
    'MSFT by nobody 30–40',
  ]);
});

test('of two connections that hold the same, the one that stays takes up nothing by asking for something else', () => {
  const entitlement = new Entitlement();
  entitlement.hears(1, interest('AAPL', 'MSFT'), 0);
  entitlement.hears(2, interest('AAPL'), 0);
  entitlement.leaves(1, 10);
  entitlement.hears(2, interest('AAPL', 'TSLA'), 20);
  entitlement.hears(2, interest('AAPL'), 30);
  entitlement.hears(2, interest('AAPL', 'MSFT'), 40);
  expect(told(entitlement).filter((claim) => claim.includes('nobody'))).toEqual(['AAPL,MSFT by nobody 10–40']);
});

test('a client that changes its mind too often is told nothing of its beginnings, and that', () => {
  const entitlement = new Entitlement();
  entitlement.hears(1, interest('MSFT'), 0);
  for (let at = 1; at <= 20_000; at++) entitlement.hears(2, interest(at % 2 === 0 ? 'AAPL' : 'TSLA'), at);
  expect(entitlement.claims.length).toBeLessThanOrEqual(10_000);
  expect(entitlement.since).toBeGreaterThan(9_000);
  expect(told(entitlement)[0]).toBe('MSFT by 1 0–');
  expect(told(entitlement)[1]).toContain(`${entitlement.since}–`);
});
