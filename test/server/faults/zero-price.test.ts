import { expect, test } from 'vitest';
import type { MarketEvent } from '../../../market/event.ts';
import { seconds } from '../../../market/nanos.ts';
import { opening, quote } from '../../helpers/events.ts';
import { said, strike, tongues, trades } from '../../helpers/strike.ts';

test('prices are 0 while it lasts, everything else is as it was, and nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ zeroPrice: {} });
  expect(said(struck).slice(5, 15)).toEqual(
    said(healthy)
      .slice(5, 15)
      .map((one) => ({ ...one, p: 0 })),
  );
  expect([...struck.slice(0, 5), ...struck.slice(15)]).toEqual([...healthy.slice(0, 5), ...healthy.slice(15)]);
  expect(other).toEqual(healthy);
});

test('both sides of a quote are 0, and only the symbols and channels it is aimed at', async () => {
  const tape: MarketEvent[] = [];
  for (let i = 5; i < 9; i++) {
    const at = opening + seconds(i);
    tape.push(quote(at), quote(at, { symbol: 'MSFT' }), ...trades.slice(i, i + 1));
  }
  const target = { symbols: ['AAPL'], channels: ['quote' as const] };
  const { healthy, struck } = await strike({ zeroPrice: {} }, { at: '0s', target }, tape, tongues.msgpack);
  const hit = ({ T, S }: Readonly<Record<string, unknown>>): boolean => T === 'q' && S === 'AAPL';
  expect(said(struck)).toEqual(said(healthy).map((one) => (hit(one) ? { ...one, bp: 0, ap: 0 } : one)));
});
