// @alpacahq/alpaca-trade-api 4.x as its README's "Real-time streaming" uses it, with a URL and nothing else changed. What happens to this
// program in `papertape certify` is what the SDK does by itself.
import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { keep, work } from './bot.mjs';

work();
const alpaca = new Alpaca({ keyId: 'key', secret: 'secret' });
const stocks = alpaca.marketData.stockStream({ url: `${process.env.PAPERTAPE_URL}/v2/iex` });
stocks.onTrade(({ symbol, timestampRaw, price }) => keep({ symbol, at: timestampRaw, price }));
stocks.onError((message) => console.error('stream error:', message));
stocks.onReconnecting((attempt) => console.error(`reconnecting (attempt ${attempt})`));
stocks.onConnect(() => stocks.subscribeForTrades(['AAPL', 'MSFT']));
stocks.connect();
