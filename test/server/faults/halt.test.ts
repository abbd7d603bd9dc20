import { expect, test } from 'vitest';
import type { MarketEvent } from '../../../market/event.ts';
import { seconds } from '../../../market/nanos.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { said, strike, tongues } from '../../helpers/strike.ts';

/** Every second a quote and a trade of AAPL and one of MSFT, each in a frame of its own. */
const tape = Array.from({ length: 20 }, (_, i): readonly MarketEvent[] => {
  const at = opening + seconds(i);
  const id = String(i + 1);
  return [quote(at), trade(at + seconds(0.1), { id }), trade(at + seconds(0.2), { id, symbol: 'MSFT', tape: 'C' })];
}).flat();
const target = { symbols: ['AAPL'] };

test('a status says halted, no trades of the symbol come, quotes and other symbols do, a status says resumed; nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ halt: {} }, { target }, tape);
  const isStatus = ({ T }: Readonly<Record<string, unknown>>): boolean => T === 's';
  const statuses = said(struck).filter(isStatus);
  expect(statuses).toMatchObject([
    { S: 'AAPL', sc: 'H', sm: 'Trading Halt', rc: 'T1', z: 'C' },
    { S: 'AAPL', sc: 'T', sm: 'Trading Resumption', rc: 'T1', z: 'C' },
  ]);
  const halted = ({ T, S, i }: Readonly<Record<string, unknown>>): boolean =>
    T === 't' && S === 'AAPL' && Number(i) > 5 && Number(i) <= 15;
  expect(said(struck).filter((one) => !isStatus(one))).toEqual(said(healthy).filter((one) => !halted(one)));
  expect(said(struck).findIndex(isStatus)).toBe(15);
  expect(other).toEqual(healthy);
});

test('the codes are those of the tape and of the reason', async () => {
  const { struck } = await strike({ halt: { reason: 'volatility', tape: 'A' } }, { target }, tape, tongues.msgpack);
  const codes = said(struck)
    .filter(({ T }) => T === 's')
    .map(({ sc, rc }) => [sc, rc]);
  expect(codes).toEqual([
    ['2', 'M'],
    ['3', 'M'],
  ]);
});

test('where an exchange streams no statuses, the trades just stop', async () => {
  const { healthy, struck } = await strike({ halt: {} }, { target }, tape, tongues.polygon);
  const halted = ({ ev, sym, i }: Readonly<Record<string, unknown>>): boolean =>
    ev === 'T' && sym === 'AAPL' && Number(i) > 5 && Number(i) <= 15;
  expect(said(struck)).toEqual(said(healthy).filter((one) => !halted(one)));
});
