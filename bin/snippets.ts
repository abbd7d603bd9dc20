export interface Reachable {
  readonly url: string;
  readonly streams: readonly string[];
  readonly symbols: readonly string[];
  /** A key that the scenario accepts, and its secret or a word that stands for it. */
  readonly key: string;
  readonly secret: string;
}

/** Code to paste, one piece for each way to connect. The SDKs are unmodified: the address is one of their own options. */
export function snippets({ url, streams, symbols, key, secret }: Reachable): string {
  const path = streams.includes('/v2/iex') ? '/v2/iex' : (streams[0] ?? '/v2/iex');
  const symbol = symbols.find((name) => !name.includes('/')) ?? symbols[0] ?? 'AAPL';
  return `JavaScript   npm install @alpacahq/alpaca-trade-api@4

  import { Alpaca } from '@alpacahq/alpaca-trade-api';
  const alpaca = new Alpaca({ keyId: '${key}', secret: '${secret}' });
  const stream = alpaca.marketData.stockStream({ url: '${url}${path}' });
  stream.onTrade((trade) => console.log(trade));
  stream.onConnect(() => stream.subscribeForTrades(['${symbol}']));
  stream.connect();

Python       pip install alpaca-py

  from alpaca.data.live import StockDataStream
  stream = StockDataStream('${key}', '${secret}', url_override='${url}${path}')
  async def on_trade(trade):
      print(trade)
  stream.subscribe_trades(on_trade, '${symbol}')
  stream.run()

Terminal     npx wscat -c ${url}${path}

  {"action":"auth","key":"${key}","secret":"${secret}"}
  {"action":"subscribe","trades":["${symbol}"]}
`;
}
