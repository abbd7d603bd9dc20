// A client of Alpaca's stream that does all that the scenarios of `papertape certify` ask for, to show that it can be done, and how little it
// takes: patience with jitter, a deadline for every answer, an eye on each symbol, history for what was missed, and every trade once.
import { appendFileSync } from 'node:fs';
import { WebSocket } from 'ws';

const { PAPERTAPE_URL, PAPERTAPE_HTTP_URL, PAPERTAPE_KEY: key, PAPERTAPE_SECRET: secret, PAPERTAPE_ROWS } = process.env;
const symbols = ['AAPL', 'MSFT'];
/** Milliseconds. */
const deadline = 5_000;
const stale = 8_000;

const wait = async (millis) => await new Promise((resolve) => setTimeout(resolve, millis));
/** Milliseconds that an answer asks to wait. */
const asked = (seconds) => (seconds === undefined || seconds === null ? 0 : Number(seconds) * 1000);

const kept = new Set();
/** Of each symbol: the time of its newest trade, and when it came. */
const newest = new Map(symbols.map((symbol) => [symbol, { time: undefined, came: Date.now() }]));

function keep(symbol, { t: time, i: id, p: price }) {
  const name = `${symbol} ${id} ${time}`;
  if (typeof time !== 'string' || typeof price !== 'number' || kept.has(name)) return;
  kept.add(name);
  const last = newest.get(symbol);
  if (last !== undefined && (last.time === undefined || time > last.time))
    newest.set(symbol, { time, came: Date.now() });
  if (PAPERTAPE_ROWS !== undefined) appendFileSync(PAPERTAPE_ROWS, `${JSON.stringify({ symbol, at: time, price })}\n`);
}

/** Every trade since then, page by page, however often it must ask. Returns how many there were. */
async function fetchSince(since) {
  let trades = 0;
  for (let page = ''; page !== undefined;) {
    const query = new URLSearchParams({
      symbols: symbols.join(','),
      start: since,
      limit: '1000',
      ...(page && { page_token: page }),
    });
    const headers = { 'APCA-API-KEY-ID': key, 'APCA-API-SECRET-KEY': secret };
    const answer = await fetch(`${PAPERTAPE_HTTP_URL}/v2/stocks/trades?${query}`, { headers }).catch(() => undefined);
    if (answer?.ok !== true) {
      await wait(Math.max(asked(answer?.headers.get('retry-after')), 1000 + Math.random() * 500));
      continue;
    }
    const { trades: bySymbol, next_page_token: next } = await answer.json();
    for (const [symbol, list] of Object.entries(bySymbol)) {
      trades += list.length;
      for (const trade of list) keep(symbol, trade);
    }
    page = next ?? undefined;
  }
  return trades;
}

/** One connection, to its end. Returns whether it was of use, and how long it asked us to stay away. */
async function listen() {
  return await new Promise((resolve) => {
    const socket = new WebSocket(`${PAPERTAPE_URL}/v2/iex`, { handshakeTimeout: deadline });
    const held = new Set();
    let told = 0;
    let useful = false;
    const leave = (why) => {
      console.log(why);
      socket.terminate();
    };
    let due = setTimeout(leave, deadline * 2, 'no way in');
    const expect = (what) => {
      clearTimeout(due);
      due = setTimeout(leave, deadline, `no ${what}`);
    };
    const send = (message) => socket.send(JSON.stringify(message));
    const take = {
      success: ({ msg }) => {
        if (msg === 'connected') send({ action: 'auth', key, secret });
        if (msg === 'authenticated') send({ action: 'subscribe', trades: symbols });
        expect(msg === 'connected' ? 'login' : 'subscription');
      },
      subscription: ({ trades = [] }) => {
        for (const symbol of trades) held.add(symbol);
        if (symbols.every((symbol) => held.has(symbol))) {
          clearTimeout(due);
          useful = true;
          refill();
        } else send({ action: 'subscribe', trades: symbols.filter((symbol) => !held.has(symbol)) });
      },
      error: ({ code, msg }) => leave(`${code} ${msg}`),
      t: ({ S: symbol, ...trade }) => keep(symbol, trade),
    };
    socket.on('open', () => expect('greeting'));
    socket.on('unexpected-response', (request, { statusCode, headers }) => {
      told = asked(headers['retry-after']);
      console.log(`HTTP ${statusCode}`);
      request.destroy();
      socket.terminate();
    });
    socket.on('message', (data) => {
      try {
        for (const message of JSON.parse(Buffer.from(data).toString())) take[message.T]?.(message);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        console.log(`unreadable: ${error.message}`);
      }
    });
    socket.on('error', (error) => console.log(error.message));
    // A symbol that is silent for longer than is usual for it: history knows whether the market is, or the feed.
    const watch = setInterval(() => void look(), 1000);
    const look = async () => {
      const silent = [...newest.values()].filter(({ came }) => Date.now() - came > stale);
      if (!useful || silent.length === 0) return;
      const before = kept.size;
      for (const one of newest.values()) one.came = Date.now();
      await fetchSince(oldest());
      if (kept.size > before + 3) leave('the feed is mute');
    };
    socket.on('close', () => {
      clearTimeout(due);
      clearInterval(watch);
      resolve({ useful, told });
    });
  });
}

const oldest = () =>
  [...newest.values()].map(({ time }) => time ?? new Date(Date.now() - 60_000).toISOString()).toSorted()[0];

let first = true;
function refill() {
  if (!first) void fetchSince(oldest());
  first = false;
}

for (let attempt = 0; ; attempt++) {
  const { useful, told } = await listen();
  if (useful) attempt = 0;
  const pause = 500 * 2 ** Math.min(attempt, 4);
  await wait(Math.max(told + 100, pause) * (1 + Math.random() / 2));
}
