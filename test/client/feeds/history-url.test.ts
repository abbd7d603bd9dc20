import { expect, test } from 'vitest';
import { feedSettings, openHistory } from '../../../client/feeds/index.ts';
import { opening } from '../../helpers/events.ts';

/** Where a history asks when a stream is at that address. */
function asksAt(vendor: string, more: object): string {
  const history = openHistory(feedSettings.parse({ vendor, ...more }));
  const channel = vendor === 'twelvedata' ? 'bar' : 'trade';
  const ask = { channel, symbols: ['AAPL'], from: opening, to: opening } as const;
  const { protocol, host, pathname } = new URL(history.request(ask, { id: 'key', secret: '' }).url);
  return `${protocol}//${host}${pathname}`;
}

test.for([
  ['alpaca', {}, 'https://data.alpaca.markets/v2/stocks/trades'],
  ['alpaca', { streamUrl: 'ws://127.0.0.1:8765' }, 'http://127.0.0.1:8765/v2/stocks/trades'],
  ['polygon', {}, 'https://api.massive.com/v3/trades/AAPL'],
  ['polygon', { streamUrl: 'wss://delayed.polygon.io' }, 'https://api.polygon.io/v3/trades/AAPL'],
  ['polygon', { streamUrl: 'ws://127.0.0.1:8765/r/mine' }, 'http://127.0.0.1:8765/r/mine/v3/trades/AAPL'],
  ['twelvedata', {}, 'https://api.twelvedata.com/time_series'],
  ['twelvedata', { streamUrl: 'wss://localhost:8765' }, 'https://localhost:8765/time_series'],
  ['twelvedata', { historyUrl: 'http://localhost:1' }, 'http://localhost:1/time_series'],
] as const)(
  '%s listening at %j asks history at %s: who listens to a mock never asks the vendor',
  ([vendor, more, url]) => {
    expect(asksAt(vendor, more)).toBe(url);
  },
);
