import { expect, test } from 'vitest';
import { neutralSymbol, prefixedTicker, restTicker, wireTicker } from '../../../../server/exchanges/polygon/symbols.ts';

// Sheet §4: market, ticker in params, neutral symbol, ticker in data, ticker of fair values, ticker of REST.
test.each([
  ['stocks', 'BRK.B', 'BRK.B', 'BRK.B', 'BRK.B', 'BRK.B'],
  [
    'options',
    'O:SPY261218C00650000',
    'SPY261218C00650000',
    'O:SPY261218C00650000',
    'O:SPY261218C00650000',
    'O:SPY261218C00650000',
  ],
  ['indices', 'I:SPX', 'SPX', 'I:SPX', 'I:SPX', 'I:SPX'],
  ['forex', 'EUR/USD', 'EUR/USD', 'EUR/USD', 'C:EURUSD', 'C:EURUSD'],
  ['forex', 'EUR-USD', 'EUR/USD', 'EUR/USD', 'C:EURUSD', 'C:EURUSD'],
  ['forex', 'C:EUR-USD', 'EUR/USD', 'EUR/USD', 'C:EURUSD', 'C:EURUSD'],
  ['crypto', 'BTC-USD', 'BTC/USD', 'BTC-USD', 'X:BTC-USD', 'X:BTCUSD'],
  ['crypto', 'X:BTC-USD', 'BTC/USD', 'BTC-USD', 'X:BTC-USD', 'X:BTCUSD'],
  ['futures', 'ESZ6', 'ESZ6', 'ESZ6', 'ESZ6', 'ESZ6'],
] as const)('on %s %s is %s', (market, ticker, symbol, data, prefixed, rest) => {
  expect(neutralSymbol(market, ticker)).toBe(symbol);
  expect(wireTicker(market, symbol)).toBe(data);
  expect(prefixedTicker(market, symbol)).toBe(prefixed);
  expect(restTicker(market, symbol)).toBe(rest);
});

test.each([
  ['options', 'SPY261218C00650000'],
  ['indices', 'SPX'],
  ['crypto', 'BTC/USD'],
] as const)(
  'on %s a ticker spelt %s is nobody’s, so that a mistake stays as silent as at the vendor',
  (market, ticker) => {
    expect(neutralSymbol(market, ticker)).not.toBe(neutralSymbol(market, wireTicker(market, ticker)));
  },
);
