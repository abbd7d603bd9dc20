import type { Channel, Market, MarketEvent } from '../../../market/event.ts';
import { unknownOfBar, unknownOfQuote, unknownOfTrade } from '../../../market/unknown.ts';

const at = 1_782_916_200_123_456_789n;
const start = 1_782_916_200_000_000_000n;
const symbols: Readonly<Record<Market, string>> = {
  stocks: 'AAPL',
  options: 'SPY261218C00650000',
  crypto: 'BTC/USD',
  forex: 'EUR/USD',
  indices: 'SPX',
  futures: 'ESZ6',
  perps: 'BTC-PERP',
};
const print = { id: '1', price: 1.5, size: 100, conditions: ['@'] };
const prices = { open: 1.5, high: 1.75, low: 1.25, close: 1.5, volume: 100.5, trades: 3, vwap: 1.45 };

/**
 * One event of every kind, with all that its kind may tell (`full`) or as little as it can. What an exchange makes of them is what its
 * messages look like when none of the vendor's can be read.
 */
export function specimens(market: Market, full: boolean): readonly MarketEvent[] {
  const of = { market, symbol: symbols[market], at };
  const some = <Value>(value: Value): Value | undefined => (full ? value : undefined);
  const bars = ['second-bar', 'bar', 'updated-bar', 'daily-bar'] as const satisfies readonly Channel[];
  const known = { dayVolume: 5e5, dayOpen: 1.5, dayVwap: 1.5, averageSize: 33, turnover: 150, otc: true };
  const sequence = some(7);
  const tape = some('C' as const);
  return [
    {
      kind: 'trade',
      ...of,
      id: '1',
      price: 1.5,
      size: 100.5,
      exchange: some('V'),
      conditions: full ? ['T'] : [],
      tape,
      sequence,
      participantAt: some(at),
      trfId: some(202),
      trfAt: some(at),
      taker: some('buy' as const),
      ...unknownOfTrade,
      receivedAt: some(at),
    },
    {
      kind: 'quote',
      ...of,
      bidPrice: 1.5,
      bidSize: 100,
      bidExchange: some('V'),
      askPrice: 1.75,
      askSize: 100,
      askExchange: some('V'),
      conditions: full ? ['R'] : [],
      indicators: full ? [1] : [],
      tape,
      sequence,
      participantAt: some(at),
      ...unknownOfQuote,
      bidAt: some(at),
      askAt: some(at),
    },
    ...bars.map((kind): MarketEvent => ({ kind, ...of, start, ...prices, ...(full ? known : unknownOfBar) })),
    { kind: 'status', ...of, code: 'H', message: 'Trading Halt', reasonCode: 'T12', reasonMessage: 'Halted', tape },
    { kind: 'luld', ...of, up: 2, down: 1, indicator: 'B', tape, indicators: some([1]), sequence },
    {
      kind: 'imbalance',
      ...of,
      price: 1.5,
      pairedShares: some(100),
      imbalanceShares: some(100),
      side: some('buy'),
      auction: some('C'),
      tape,
      auctionTime: some('16:00'),
      exchange: some('N'),
      sequence,
    },
    { kind: 'correction', ...of, exchange: some('V'), original: print, corrected: print, tape },
    { kind: 'cancel', ...of, id: '1', price: 1.5, size: 100, exchange: some('V'), action: 'C', tape },
    {
      kind: 'book',
      ...of,
      bids: [{ price: 1.5, size: 2 }],
      asks: [{ price: 1.75, size: 2 }],
      reset: full,
      exchange: some('1'),
      receivedAt: some(at),
    },
    { kind: 'value', ...of, value: 1.5 },
    { kind: 'fair-value', ...of, value: 1.5 },
    {
      kind: 'news',
      ...of,
      id: '1',
      headline: 'Headline',
      summary: 'Summary',
      author: 'Author',
      createdAt: some(start),
      updatedAt: at,
      url: 'https://example.com',
      content: 'Content',
      symbols: ['AAPL'],
      source: 'source',
    },
    {
      kind: 'price',
      ...of,
      price: 1.5,
      bidPrice: some(1.5),
      askPrice: some(1.75),
      dayVolume: some(100),
      exchange: undefined,
      mic: undefined,
      currency: undefined,
      baseCurrency: undefined,
      quoteCurrency: undefined,
      instrument: undefined,
    },
  ];
}
