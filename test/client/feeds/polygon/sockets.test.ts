import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ask } from '../../../../client/feeds/feed.ts';
import { wantsOf } from '../../../../client/wants.ts';
import { ManualClock } from '../../../../market/clock.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { eventKey } from '../../../../market/identity.ts';
import type { Papertape } from '../../../../server/index.ts';
import { httpOf, playToEnd } from '../../../helpers/asker.ts';
import { opening } from '../../../helpers/events.ts';
import { FeedEar } from '../../../helpers/feed-ear.ts';
import { serve } from '../../../helpers/serve.ts';
import { feedOf, historyOf } from './open.ts';
import { bars, tape } from './tape.ts';

// Each cluster on a real socket to the mock exchange, which was built from the same facts and shares no code with the client.

const clusters = ['stocks', 'options', 'indices', 'forex', 'crypto', 'futures'] as const;
const all = [...tape, ...bars].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
const key = { id: 'key', secret: '' };

let papertape: Papertape;
const heard = new Map<string, readonly MarketEvent[]>();

beforeAll(async () => {
  const clock = new ManualClock(opening);
  papertape = await serve(all, {}, { endpoints: { polygon: { serverPing: 'off' } } }, clock);
  const ears = await Promise.all(
    clusters.map(async (cluster) => {
      const feed = feedOf(cluster, { streamUrl: papertape.url });
      const symbols = [...new Set(all.filter(({ market }) => market === cluster).map(({ symbol }) => symbol))];
      const ear = await FeedEar.subscribed(feed, wantsOf(feed.channels.map((channel) => [channel, symbols])));
      return { cluster, ear };
    }),
  );
  await playToEnd(papertape, clock);
  for (const { cluster, ear } of ears) {
    const expected = all.filter(({ market }) => market === cluster).length;
    await ear.until(({ events }) => events.filter(isTold).length >= expected);
    heard.set(cluster, ear.heard.events);
    expect(ear.heard.notices.filter(({ kind }) => kind === 'unreadable')).toEqual([]);
    await ear[Symbol.asyncDispose]();
  }
});
afterAll(() => papertape[Symbol.asyncDispose]());

/** Not of the bars that the exchange makes of the tape's ticks by itself. */
function isTold(event: MarketEvent): boolean {
  return event.kind !== 'second-bar' && (event.kind !== 'bar' || (event.volume === 1000 && event.market !== 'indices'));
}

test.each(clusters)('every event of %s arrives as it went in, in its order', (cluster) => {
  const told = heard.get(cluster)?.filter(isTold);
  const wanted = all.filter(({ market }) => market === cluster);
  const kinds = [...new Set(wanted.map(({ kind }) => kind))];
  for (const kind of kinds) {
    expect(told?.filter((event) => event.kind === kind)).toEqual(wanted.filter((event) => event.kind === kind));
  }
});

/** All pages of history about one channel of one symbol, as a client walks them. */
async function remembered(cluster: string, channel: Ask['channel'], symbol: string): Promise<readonly MarketEvent[]> {
  const history = historyOf(cluster, { historyUrl: httpOf(papertape), rowsPerRequest: 50 });
  const asked = { channel, symbols: [symbol], from: opening, to: opening + 3_600_000_000_000n };
  const events: MarketEvent[] = [];
  let pages = 0;
  for (let next: ReturnType<typeof history.request> | undefined = history.request(asked, key); next !== undefined;) {
    const response = await fetch(next.url, { headers: next.headers });
    const answer = history.read(asked, next, response.status, {}, await response.text());
    if (answer.kind !== 'page') return expect.fail(`${next.url}: ${answer.message}`);
    expect(answer.unreadable).toBe(0);
    events.push(...answer.events);
    next = answer.next;
    pages++;
  }
  if (channel !== 'bar') expect(pages).toBeGreaterThan(2);
  return events;
}

test.each([
  ['stocks', 'trade', 'AAPL'],
  ['stocks', 'quote', 'AAPL'],
  ['options', 'trade', 'SPY261218C00650000'],
  ['options', 'quote', 'SPY261218C00650000'],
  ['forex', 'quote', 'EUR/USD'],
  ['crypto', 'trade', 'BTC/USD'],
  ['futures', 'trade', 'ESZ6'],
  ['futures', 'quote', 'ESZ6'],
] as const)(
  'history of %s tells every %s of %s that the stream told, by the same identity',
  async (cluster, channel, symbol) => {
    const identity = (event: MarketEvent): string => `${event.symbol} ${event.kind} ${event.at} ${eventKey(event)}`;
    const streamed = heard.get(cluster)?.filter(({ kind }) => kind === channel) ?? [];
    expect(streamed.length).toBe(120);
    expect((await remembered(cluster, channel, symbol)).map(identity)).toEqual(streamed.map(identity));
  },
);

test('bars of the past have the prices, the volume and the time of those that were streamed', async () => {
  const gist = (event: MarketEvent): unknown => {
    if (event.kind !== 'bar') return event;
    const { at, start, open, high, low, close, volume, vwap } = event;
    return { at, start, open, high, low, close, volume, vwap };
  };
  for (const [cluster, symbol] of [['stocks', 'AAPL'], ['crypto', 'BTC/USD'], ['futures', 'ESZ6']] as const) {
    const streamed = heard.get(cluster)?.filter(({ kind }) => kind === 'bar') ?? [];
    expect((await remembered(cluster, 'bar', symbol)).map(gist)).toEqual(streamed.map(gist));
  }
}); // prettier-ignore
