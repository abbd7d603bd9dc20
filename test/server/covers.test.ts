import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { minute, seconds } from '../../market/nanos.ts';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { Papertape } from '../../server/index.ts';
import type { Covered } from '../../server/journal-entry.ts';
import { Asker, playToEnd } from '../helpers/asker.ts';
import { bar, news, opening, quote, trade } from '../helpers/events.ts';
import { PolygonAsker } from '../helpers/polygon-asker.ts';
import { serve } from '../helpers/serve.ts';

const at = (second: number): Nanos => opening + seconds(second);
const two = (symbol: string, offset: number): MarketEvent[] => [
  trade(at(offset), { symbol, id: '1' }),
  quote(at(offset + 1), { symbol }),
  trade(at(offset + 2), { symbol, id: '2' }),
];
const tape = [
  ...two('AAPL', 0),
  ...two('MSFT', 3),
  news(at(10), { id: '1', symbols: ['AAPL', 'MSFT'] }),
  bar('bar', opening, opening + minute),
  bar('updated-bar', opening, opening + minute + seconds(30)),
  bar('bar', opening + minute, opening + 2n * minute),
  bar('bar', opening + 2n * minute, opening + 3n * minute),
];

async function played(rest: object = {}, events: readonly MarketEvent[] = tape): Promise<Papertape> {
  const clock = new ManualClock(opening);
  const papertape = await serve(events, { timestamps: 'original' }, rest, clock);
  await playToEnd(papertape, clock);
  return papertape;
}

/** What the journal says that the last answer told, in seconds after the opening. */
function told({ run }: Papertape): string[] {
  const asked = run.chronicle.journal.entries.findLast((entry) => entry.kind === 'asked');
  const said = ({ symbol, channel, from, to, rows }: Covered): string =>
    `${rows} ${channel} ${symbol} ${secondOf(from)}–${secondOf(to)}`;
  return (asked?.covers ?? []).map(said);
}
const secondOf = (instant: Nanos): number => Number((instant - opening) / seconds(1));

const range = { start: '2026-07-01T14:30:00Z', end: '2026-07-01T15:00:00Z' };

test('Alpaca: the rows of each page, symbol by symbol', async () => {
  await using papertape = await played();
  const asker = new Asker(papertape);
  const ask = async (path: string, query: object = {}): Promise<string[]> => {
    await asker.get(path, { ...query });
    return told(papertape);
  };
  const both = { ...range, symbols: 'AAPL,MSFT' };
  expect(await ask('/v2/stocks/trades', both)).toEqual(['2 trade AAPL 0–2', '2 trade MSFT 3–5']);
  expect(await ask('/v2/stocks/trades', { ...both, limit: 3 })).toEqual(['2 trade AAPL 0–2', '1 trade MSFT 3–3']);
  expect(await ask('/v2/stocks/trades', { ...both, limit: 3, sort: 'desc' })).toEqual([
    '2 trade AAPL 0–2',
    '1 trade MSFT 5–5',
  ]);
  expect(await ask('/v2/stocks/AAPL/quotes', range)).toEqual(['1 quote AAPL 1–1']);
  expect(await ask('/v2/stocks/AAPL/bars', { ...range, timeframe: '1Min' })).toEqual(['3 bar AAPL 0–120']);
  expect(await ask('/v2/stocks/AAPL/bars', { ...range, timeframe: '2Min' })).toEqual([]);
  expect(await ask('/v2/stocks/AAPL/trades/latest')).toEqual(['1 trade AAPL 2–2']);
  expect(await ask('/v2/stocks/snapshots', { symbols: 'MSFT' })).toContain('1 quote MSFT 4–4');
  expect(await ask('/v1beta1/news', { symbols: 'MSFT' })).toEqual(['1 news AAPL 10–10']);
  expect(await ask('/v2/clock')).toEqual([]);
});

test('Polygon: ticks, aggregates and the last of both', async () => {
  await using papertape = await played();
  const asker = new PolygonAsker(papertape);
  const ask = async (path: string, query: object = {}): Promise<string[]> => {
    await asker.get(path, { ...query });
    return told(papertape);
  };
  expect(await ask('/v3/trades/AAPL')).toEqual(['2 trade AAPL 0–2']);
  expect(await ask('/v3/trades/AAPL', { limit: 1 })).toEqual(['1 trade AAPL 2–2']);
  expect(await ask('/v3/quotes/MSFT')).toEqual(['1 quote MSFT 4–4']);
  const aggregates = '/v2/aggs/ticker/AAPL/range';
  expect(await ask(`${aggregates}/1/minute/2026-07-01/2026-07-01`)).toEqual(['3 bar AAPL 0–120']);
  expect(await ask(`${aggregates}/5/minute/2026-07-01/2026-07-01`)).toEqual([]);
  expect(await ask('/v2/last/trade/AAPL')).toEqual(['1 trade AAPL 2–2']);
  expect(await ask('/v2/snapshot/locale/us/markets/stocks/tickers/MSFT')).toContain('1 trade MSFT 5–5');
  expect(await ask('/v3/snapshot', { 'ticker.any_of': 'AAPL' })).toContain('1 quote AAPL 1–1');
});

test('Polygon: ticks and candles of futures', async () => {
  const of = { market: 'futures', symbol: 'ESU6' } as const;
  const futures = [
    trade(at(0), { ...of, id: '1' }),
    quote(at(1), of),
    trade(at(2), { ...of, id: '2' }),
    bar('bar', opening, opening + minute, of),
  ];
  await using papertape = await played({}, futures);
  const asker = new PolygonAsker(papertape);
  await asker.get('/futures/v1/trades/ESU6');
  expect(told(papertape)).toEqual(['2 trade ESU6 0–2']);
  await asker.get('/futures/v1/quotes/ESU6');
  expect(told(papertape)).toEqual(['1 quote ESU6 1–1']);
  await asker.get('/futures/v1/aggs/ESU6', { resolution: '1min' });
  expect(told(papertape)).toEqual(['1 bar ESU6 0–0']);
});

test('Twelve Data: bars, and the last price', async () => {
  await using papertape = await played();
  const asker = new Asker(papertape, {});
  const ask = async (path: string, query: object = {}): Promise<string[]> => {
    await asker.get(path, { symbol: 'AAPL', apikey: 'key', ...query });
    return told(papertape);
  };
  const minutes = await ask('/time_series', { interval: '1min' });
  expect(minutes).toEqual(['1 bar AAPL 120–120', '1 bar AAPL 60–60', '1 bar AAPL 0–0']);
  expect(await ask('/time_series', { interval: '5min' })).toEqual([]);
  expect(await ask('/price')).toHaveLength(1);
});

test('history with holes is taken down row by row, so that no stretch covers what was not told', async () => {
  const rules = [
    { id: 'hole', for: 'run', inject: { hideHistory: { from: '2026-07-01T14:31:00Z', to: '2026-07-01T14:32:00Z' } } },
  ];
  await using papertape = await played({ rules });
  await new Asker(papertape).get('/v2/stocks/AAPL/bars', { ...range, timeframe: '1Min' });
  expect(told(papertape)).toEqual(['1 bar AAPL 0–0', '1 bar AAPL 120–120']);
});

test('a journal tells who asked for what, without keys, and how it was answered', async () => {
  await using papertape = await played();
  await new Asker(papertape, {}).get('/price', { symbol: 'AAPL', apikey: 'topsecret' });
  await new Asker(papertape, {}).ask('/price', { symbol: 'AAPL' });
  const asked = papertape.run.chronicle.journal.entries.filter((entry) => entry.kind === 'asked');
  expect(asked).toMatchObject([
    { exchange: 'twelvedata', url: '/price?symbol=AAPL', status: 200 },
    { exchange: 'twelvedata', url: '/price?symbol=AAPL', status: 401, client: undefined, covers: [] },
  ]);
  expect(JSON.stringify(asked, (_, value: unknown) => String(value))).not.toContain('topsecret');
});
