// oxlint-disable unicorn/prefer-add-event-listener -- as the SDK's own example has it
// @massive.com/client-js 10.x as its websocket example uses it: wait for auth_success, subscribe, parse what comes. What happens to this
// program in `papertape certify` is what the SDK does by itself, which is to open a socket and log in.
import { websocketClient } from '@massive.com/client-js';
import { keep, work } from './bot.mjs';

work();
const stocks = websocketClient('key', process.env.PAPERTAPE_URL).stocks();
stocks.onerror = () => console.error('failed to connect');
stocks.onclose = ({ code, reason }) => console.error(`closed with ${code} ${reason}`);
stocks.onmessage = ({ data }) => {
  for (const message of JSON.parse(data)) {
    if (message.ev === 'status' && message.status === 'auth_success') {
      stocks.send(JSON.stringify({ action: 'subscribe', params: 'T.AAPL,T.MSFT' }));
    }
    if (message.ev === 'T') keep({ symbol: message.sym, at: `${message.t}000000`, price: message.p });
  }
};
