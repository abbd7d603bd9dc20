import type { MarketEvent, Nanos } from '../../../../market/event.ts';
import { milli, minute } from '../../../../market/nanos.ts';
import { bar, book, opening, quote, trade } from '../../../helpers/events.ts';

const steps = 120;
const untold = { exchange: undefined, conditions: [], tape: undefined } as const;
const noSides = { bidExchange: undefined, askExchange: undefined, conditions: [], tape: undefined } as const;
const option = { market: 'options', symbol: 'SPY261218C00650000' } as const;
const coin = { market: 'crypto', symbol: 'BTC/USD' } as const;
const pair = { market: 'forex', symbol: 'EUR/USD' } as const;
const future = { market: 'futures', symbol: 'ESZ6' } as const;
const index = { market: 'indices', symbol: 'SPX' } as const;

/** Events of every cluster and kind by turns, made of what the wire carries: times of the ticks in milliseconds. */
export const tape: readonly MarketEvent[] = Array.from({ length: steps }, (_, step) => eventsAt(step)).flat();

function eventsAt(step: number): readonly MarketEvent[] {
  const at = opening + BigInt(step) * 500n * milli;
  const price = Math.round((230 + Math.sin(step / 9)) * 100) / 100;
  const sequence = 1000 + step;
  const id = String(70_000 + step);
  return [
    trade(at, {
      id, price, sequence, size: step + 0.5, exchange: 'P', conditions: step % 3 === 0 ? ['T', 'I'] : ['I'],
      ...(step % 2 === 0 ? { exchange: 'D', trfId: 202, trfAt: at - 5n * milli } : {}),
    }),
    quote(at, { bidPrice: price - 0.01, askPrice: price + 0.01, bidExchange: 'N', askExchange: 'Z', indicators: [604], sequence }),
    { kind: 'luld', market: 'stocks', symbol: 'AAPL', at: at + 385n, up: price + 9, down: price - 9, indicator: '', tape: 'C', indicators: [21], sequence },
    {
      kind: 'imbalance', market: 'stocks', symbol: 'AAPL', at: at + 386n, price, pairedShares: 44_000, imbalanceShares: 480, side: undefined,
      auction: 'C', tape: undefined, auctionTime: '16:00', exchange: 'N', sequence,
    },
    { kind: 'fair-value', market: 'stocks', symbol: 'AAPL', at: at + 387n, value: price },
    trade(at + milli, { ...option, ...untold, id: '', price, size: 2, exchange: 'N', conditions: ['I', 'g'], sequence }),
    quote(at + milli, { ...option, ...noSides, bidExchange: 'C', askExchange: 'Z', bidPrice: price, askPrice: price + 1, sequence }),
    { kind: 'value', ...index, at: at + milli, value: 6500 + price },
    quote(at + 2n * milli, { ...pair, ...noSides, bidExchange: '48', askExchange: '48', bidPrice: 1.17 + step / 1e5, askPrice: 1.1702 + step / 1e5, bidSize: 0, askSize: 0 }),
    trade(at + 3n * milli, { ...coin, ...untold, id, price: 60_000 + step, size: 0.25 + step, exchange: '1', taker: step % 2 === 0 ? 'buy' : 'sell', receivedAt: at + 9n * milli }),
    quote(at + 3n * milli, { ...coin, ...noSides, bidExchange: '2', askExchange: '2', bidPrice: 60_000, bidSize: 0.5, askPrice: 60_001, askSize: 0.25, receivedAt: at + 9n * milli }),
    book(at + 3n * milli, { exchange: '1', receivedAt: at + 9n * milli, bids: [{ price: 60_000 - step, size: 1.5 }], asks: [{ price: 60_001 + step, size: 0.75 }] }),
    trade(at + 4n * milli, { ...future, ...untold, id: '', price: 6540 + step / 4, size: 3, sequence }),
    quote(at + 4n * milli, { ...future, ...noSides, bidPrice: 6540, askPrice: 6541, bidAt: at - milli, askAt: at }),
  ];
} // prettier-ignore

/** Minute bars that the tapes hold themselves. */
export const bars: readonly MarketEvent[] = Array.from({ length: 5 }, (_, step) => {
  const start: Nanos = opening + BigInt(step) * minute;
  const prices = { open: 231.4, high: 231.6 + step, low: 231.25, close: 231.5 + step };
  const made = { ...prices, volume: 1000, trades: 10, averageSize: 100, vwap: 231.5 + step };
  return [
    bar('bar', start, start + minute, { ...made, dayVolume: 5000 + step, dayOpen: 230.1, dayVwap: 230.9 }),
    bar('bar', start, start + minute, { ...option, ...made, dayVolume: 5000 + step, dayOpen: 230.1, dayVwap: 230.9 }),
    bar('bar', start, start + minute, { ...coin, ...made }),
    bar('bar', start, start + minute, { ...future, ...made, averageSize: undefined, turnover: made.vwap * 1000 }),
  ];
}).flat();
