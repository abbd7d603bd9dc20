// A user's program with the 3.x SDK, unmodified, pointed at an exchange by documented options alone: argv is the exchange's address and
// what each stream shall subscribe to. It tells its parent what it hears, and does as its parent says. `{ call, args }` calls the SDK.
import Alpaca from 'alpaca-trade-api-3';

const [address, wishes] = process.argv.slice(2);
const alpaca = new Alpaca({
  keyId: 'key',
  secretKey: 'secret',
  baseUrl: address,
  dataBaseUrl: address,
  dataStreamUrl: address,
  feed: 'sip',
  optionFeed: 'opra',
});
const stocks = alpaca.data_stream_v2;
const crypto = alpaca.crypto_stream_v1beta3;
const options = alpaca.option_stream;
const news = alpaca.news_stream;

const tell = (stream, kind) => (row) => process.send({ stream, kind, row });
stocks.onStockTrade(tell('stocks', 'trade'));
stocks.onStockQuote(tell('stocks', 'quote'));
stocks.onStockBar(tell('stocks', 'bar'));
stocks.onStockUpdatedBar(tell('stocks', 'updated-bar'));
stocks.onStockDailyBar(tell('stocks', 'daily-bar'));
stocks.onStatuses(tell('stocks', 'status'));
crypto.onCryptoTrade(tell('crypto', 'trade'));
crypto.onCryptoQuote(tell('crypto', 'quote'));
crypto.onCryptoBar(tell('crypto', 'bar'));
crypto.onCryptoUpdatedBar(tell('crypto', 'updated-bar'));
crypto.onCryptoDailyBar(tell('crypto', 'daily-bar'));
crypto.onCryptoOrderbook(tell('crypto', 'book'));
options.onOptionTrade(tell('options', 'trade'));
options.onOptionQuote(tell('options', 'quote'));
news.onNews(tell('news', 'news'));

const streams = { stocks, crypto, options, news };
for (const [name, wish] of Object.entries(JSON.parse(wishes))) {
  const stream = streams[name];
  stream.onError(tell(name, 'error'));
  stream.onConnect(() => {
    for (const [channel, symbols] of Object.entries(wish)) stream[`subscribeFor${channel}`](symbols);
  });
  stream.connect();
}
alpaca.trade_ws.onConnect(() => alpaca.trade_ws.subscribe(['trade_updates']));
alpaca.trade_ws.connect();

process.on('message', ({ id, ...wanted }) => {
  answer(wanted).then(
    (given) => process.send({ id, answer: given }),
    (error) => process.send({ id, error: error.message }),
  );
});

async function answer({ stream, call, args }) {
  const said = (stream === undefined ? alpaca : streams[stream])[call](...args);
  return await (said?.[Symbol.asyncIterator] === undefined ? said : all(said));
}

async function all(pages) {
  const rows = [];
  for await (const row of pages) rows.push(row);
  return rows;
}
