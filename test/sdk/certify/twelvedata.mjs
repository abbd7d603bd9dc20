// @twelvedata/twelvedata-node 1.x as its README's "WebSocket" section uses it, with a URL and nothing else changed. What happens to this
// program in `papertape certify` is what the SDK does by itself.
import { TwelvedataWebSocketClient, WebSocketAuthError } from '@twelvedata/twelvedata-node';
import { keep, work } from './bot.mjs';

work();
const client = new TwelvedataWebSocketClient({ apiKey: 'key', url: `${process.env.PAPERTAPE_URL}/v1/quotes/price` });
client.on('price', ({ symbol, timestamp, price }) => keep({ symbol, at: `${timestamp}000000000`, price }));
client.on('reconnecting', ({ attempt, delayMs }) =>
  console.error(`reconnecting (attempt ${attempt}) in ${delayMs} ms`),
);
client.on('error', (error) => console.error('WebSocket error:', error.name, error.message));
try {
  await client.connect();
} catch (error) {
  // As the README has it: an invalid key is not retried.
  if (error instanceof WebSocketAuthError) process.exit(1);
  throw error;
}
client.subscribe('AAPL,MSFT');
