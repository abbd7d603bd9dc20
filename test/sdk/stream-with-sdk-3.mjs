// A user's program with the 3.x SDK, unmodified: argv is the exchange's address, and it prints what it hears, one JSON a line.
import Alpaca from 'alpaca-trade-api-3';

const alpaca = new Alpaca({
  keyId: 'key',
  secretKey: 'secret',
  paper: true,
  feed: 'iex',
  dataStreamUrl: process.argv[2],
});
const stream = alpaca.data_stream_v2;
const tell = (kind) => (event) => console.log(JSON.stringify({ kind, event }));
stream.onStockTrade(tell('trade'));
stream.onStockQuote(tell('quote'));
stream.onStockBar(tell('bar'));
stream.onError((error) => console.log(JSON.stringify({ kind: 'error', event: String(error) })));
stream.onConnect(() => {
  stream.subscribeForTrades(['AAPL']);
  stream.subscribeForQuotes(['AAPL']);
  stream.subscribeForBars(['AAPL']);
});
stream.connect();
