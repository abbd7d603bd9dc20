import { expect, test } from 'vitest';
import { at } from '../../bars/bar-fixture.ts';
import { imported } from '../../../helpers/import.ts';

const meta = {
  symbol: 'AAPL',
  interval: '1min',
  currency: 'USD',
  exchange_timezone: 'America/New_York',
  exchange: 'NASDAQ',
  mic_code: 'XNGS',
  type: 'Common Stock',
};
const row = (datetime: string, volume?: string) => ({
  datetime,
  open: '231.45000',
  high: '231.52000',
  low: '231.40000',
  close: '231.47000',
  ...(volume === undefined ? {} : { volume }),
});
const series = (given: object, ...values: object[]) => ({ meta: { ...meta, ...given }, values, status: 'ok' });
const text = (document: unknown): string => JSON.stringify(document, null, 2);

test('a series of Twelve Data becomes bars in time order, each from the start it is labelled by', async () => {
  const { events, result } = await imported({
    'a.json': text(series({}, row('2026-07-01 09:31:00', '40110'), row('2026-07-01 09:30:00', '1840'))),
  });
  expect(result).toMatchObject({ events: 2, rejected: 0, inputs: [{ format: 'twelvedata' }] });
  expect(events).toMatchObject([
    {
      kind: 'bar',
      market: 'stocks',
      symbol: 'AAPL',
      start: at('2026-07-01T13:30:00Z'),
      at: at('2026-07-01T13:31:00Z'),
      open: 231.45,
      high: 231.52,
      low: 231.4,
      close: 231.47,
      volume: 1840,
    },
    { start: at('2026-07-01T13:31:00Z'), volume: 40_110 },
  ]);
});

test('several symbols in one answer become one tape, and one that has an error is rejected by its name', async () => {
  const euro = { symbol: 'EUR/USD', exchange_timezone: undefined, type: 'Physical Currency', currency_base: 'Euro' };
  const coin = { symbol: 'BTC/USD', exchange_timezone: undefined, type: 'Digital Currency', interval: '1h' };
  const document = {
    AAPL: series({ interval: '1day' }, row('2026-07-01', '31694100')),
    'EUR/USD': series(euro, row('2026-07-01 13:30:00')),
    'BTC/USD': series(coin, row('2026-07-01 13:00:00')),
    SPX: series({ symbol: 'SPX', type: 'Index', interval: '5min' }, row('2026-07-01 09:30:00')),
    GONE: { code: 404, message: '**symbol** or **figi** parameter is missing or invalid.', status: 'error' },
  };
  const { events, rejects } = await imported({ 'a.json': text(document) });
  expect(
    events.map((event) => [event.market, event.symbol, event.kind, 'start' in event && event.start, event.at]),
  ).toEqual([
    ['forex', 'EUR/USD', 'bar', at('2026-07-01T13:30:00Z'), at('2026-07-01T13:31:00Z')],
    ['indices', 'SPX', 'bar', at('2026-07-01T13:30:00Z'), at('2026-07-01T13:35:00Z')],
    ['crypto', 'BTC/USD', 'bar', at('2026-07-01T13:00:00Z'), at('2026-07-01T14:00:00Z')],
    ['stocks', 'AAPL', 'daily-bar', at('2026-07-01T04:00:00Z'), at('2026-07-02T04:00:00Z')],
  ]);
  expect(rejects).toMatchObject([
    { value: expect.stringContaining('**symbol**'), reason: expect.stringMatching(/error/) },
  ]);
});

test('a zone that was asked for is told by --time-zone, and the hour that comes twice is told by the order of the rows', async () => {
  const utc = await imported({ 'a.json': text(series({}, row('2026-07-01 13:30:00'))) }, { timeZone: 'UTC' });
  expect(utc.events).toMatchObject([{ start: at('2026-07-01T13:30:00Z') }]);
  const twice = ['02:00', '01:30', '01:00', '01:30', '01:00', '00:30'].map((time) => row(`2026-11-01 ${time}:00`));
  const { events } = await imported({ 'a.json': text(series({ interval: '30min' }, ...twice)) });
  expect(events.map((event) => ('start' in event ? event.start : 0n))).toEqual(
    ['04:30', '05:00', '05:30', '06:00', '06:30', '07:00'].map((time) => at(`2026-11-01T${time}:00Z`)),
  );
});

test('weeks and months, and numbers that are none or below nothing, are rejected with what was found', async () => {
  const broken = [
    series({ interval: '1week' }, row('2026-06-29')),
    series({}, { ...row('2026-07-01 09:30:00'), close: null }, row('2026-07-01 09:29:00')),
    series({}, { ...row('2026-07-01 09:31:00'), volume: '-1' }),
  ];
  const { events, rejects } = await imported({ 'a.json': broken.map(text).join('\n') });
  expect(events).toHaveLength(1);
  expect(rejects).toMatchObject([
    { value: '"1week"' },
    { reason: expect.stringContaining('close'), value: 'null' },
    { reason: 'volume is negative', value: '-1' },
  ]);
});
