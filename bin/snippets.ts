export interface Reachable {
  readonly url: string;
  readonly streams: readonly string[];
  readonly symbols: readonly string[];
  /** A key that the scenario accepts, and its secret, or words that stand for them. */
  readonly key: string;
  readonly secret: string;
}

/** Code to paste, one piece for each way to connect to each vendor that answers. The SDKs are unmodified: the address is one of their own options. */
export function snippets(reachable: Reachable): string {
  const symbol = reachable.symbols.find((name) => !name.includes('/')) ?? reachable.symbols[0] ?? 'AAPL';
  return [alpaca, polygon, twelveData].map((vendor) => vendor(reachable, symbol)).join('');
}

function alpaca({ url, streams, key, secret }: Reachable, symbol: string): string {
  const path = '/v2/iex';
  if (!streams.includes(path)) return '';
  return `Alpaca, JavaScript   npm install @alpacahq/alpaca-trade-api@4

  import { Alpaca } from '@alpacahq/alpaca-trade-api';
  const alpaca = new Alpaca({ keyId: '${key}', secret: '${secret}' });
  const stream = alpaca.marketData.stockStream({ url: '${url}${path}' });
  stream.onTrade((trade) => console.log(trade));
  stream.onConnect(() => stream.subscribeForTrades(['${symbol}']));
  stream.connect();

Alpaca, Python       pip install alpaca-py

  from alpaca.data.live import StockDataStream
  stream = StockDataStream('${key}', '${secret}', url_override='${url}${path}')
  async def on_trade(trade):
      print(trade)
  stream.subscribe_trades(on_trade, '${symbol}')
  stream.run()

Alpaca, terminal     npx wscat -c ${url}${path}

  {"action":"auth","key":"${key}","secret":"${secret}"}
  {"action":"subscribe","trades":["${symbol}"]}

`;
}

function polygon({ url, streams, key }: Reachable, symbol: string): string {
  if (!streams.includes('/stocks')) return '';
  return `Polygon, JavaScript  npm install @polygon.io/client-js

  import { websocketClient } from '@polygon.io/client-js';
  const socket = websocketClient('${key}', '${url}').stocks();
  socket.onopen = () => {
    socket.send('{"action":"auth","params":"${key}"}');
    socket.send('{"action":"subscribe","params":"T.${symbol}"}');
  };
  socket.onmessage = ({ data }) => console.log(data);

`;
}

function twelveData({ url, streams, key }: Reachable, symbol: string): string {
  const path = '/v1/quotes/price';
  if (!streams.includes(path)) return '';
  return `Twelve Data, terminal  npx wscat -c '${url}${path}?apikey=${key}'

  {"action":"subscribe","params":{"symbols":"${symbol}"}}

`;
}
