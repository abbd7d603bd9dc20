import { describe, expect, test } from 'vitest';
import type { MarketEvent } from '../../../../market/event.ts';
import { imported } from '../../../helpers/import.ts';

const minutes = { symbol: 'AAPL', timeframe: '1m' };
const newYork = { ...minutes, timeZone: 'America/New_York' };
const bars = (times: readonly string[]): string =>
  ['time,open,high,low,close,volume', ...times.map((time, index) => `${time},1,3,1,2,${index}`)].join('\n');
const starts = (events: readonly MarketEvent[]): string[] =>
  events.map((event) =>
    'start' in event ? new Date(Number(event.start / 1_000_000n)).toISOString().slice(0, 16) : '',
  );
/** In the order of the rows, which count their volume up from 0. */
const inRows = (events: readonly MarketEvent[]): MarketEvent[] =>
  [...events].sort((one, other) => ('volume' in one && 'volume' in other ? one.volume - other.volume : 0));

describe('bars in CSV', () => {
  test('are found by the usual names of their columns', async () => {
    const { events } = await imported(
      { 'b.csv': 'Date,Open,High,Low,Close,Adj Close,Volume\n2026-07-01,1,4,1,2.5,2.4,100\n' },
      { symbol: 'AAPL' },
    );
    expect(events).toMatchObject([
      // A date alone is a day of New York.
      {
        kind: 'daily-bar',
        symbol: 'AAPL',
        start: 1782878400000000000n,
        at: 1782964800000000000n,
        open: 1,
        close: 2.5,
        vwap: 2.5,
        volume: 100,
      },
    ]);
  });

  test('are found by a mapping, with the date apart from the time and a symbol in each row', async () => {
    const { events } = await imported(
      { 'b.csv': 'D;T;S;A;B;C;E\n07/01/2026;09:30;MSFT;1;3;1;2\n' },
      {
        map: { date: 'D', time: 'T', symbol: 'S', open: 'A', high: 'B', low: 'C', close: 'E' },
        timeFormat: '%m/%d/%Y %H:%M',
        timeZone: 'America/New_York',
        timeframe: '5m',
      },
    );
    expect(events).toMatchObject([
      { kind: 'bar', symbol: 'MSFT', start: 1782912600000000000n, at: 1782912900000000000n },
    ]);
  });

  test('without a header are found by position', async () => {
    const map = { time: '#1', open: '#2', high: '#3', low: '#4', close: '#5', volume: '#6' };
    const { events } = await imported(
      { 'b.csv': '1782912600000,1,3,1,2,7\n1782912660000,2,3,1,2,8\n' },
      { ...minutes, symbol: 'BTC/USD', map },
    );
    expect(events).toMatchObject([
      { market: 'crypto', start: 1782912600000000000n, volume: 7 },
      { start: 1782912660000000000n, volume: 8 },
    ]);
  });

  test.each([
    ['1782912600', '2026-07-01T13:30'],
    ['1782912600000', '2026-07-01T13:30'],
    ['1782912600000000', '2026-07-01T13:30'],
    ['1782912600000000000', '2026-07-01T13:30'],
    ['2026-07-01T09:30:00-04:00', '2026-07-01T13:30'],
    ['2026-07-01 13:30:00+00:00', '2026-07-01T13:30'],
  ])('understand the time %s', async (time, start) => {
    expect(starts((await imported({ 'b.csv': bars([time]) }, minutes)).events)).toEqual([start]);
  });

  test('labelled by their end begin where they end less their length, and a day at the midnight before', async () => {
    const { events } = await imported({ 'b.csv': bars(['2026-07-01 09:31']) }, { ...newYork, barLabel: 'end' });
    expect(events).toMatchObject([{ start: 1782912600000000000n, at: 1782912660000000000n }]);
    const day = await imported({ 'b.csv': bars(['2026-11-02']) }, { symbol: 'AAPL', timeframe: '1d', barLabel: 'end' });
    // 2026-11-01 has 25 hours in New York.
    expect(day.events).toMatchObject([
      { start: 1793505600000000000n, at: 1793505600000000000n + 25n * 3_600_000_000_000n },
    ]);
  });

  test('in the hour that clocks skip are rejected', async () => {
    const { events, rejects } = await imported(
      { 'b.csv': bars(['2026-03-08 01:59', '2026-03-08 02:30', '2026-03-08 03:00']) },
      newYork,
    );
    expect(starts(events)).toEqual(['2026-03-08T06:59', '2026-03-08T07:00']);
    expect(rejects).toMatchObject([
      { line: 3, reason: 'the clocks of America/New_York skip this time', value: '2026-03-08T02:30:00' },
    ]);
  });

  const twice = ['00:58', '00:59', '01:00', '01:01', '01:58', '01:59', '01:00', '01:01', '01:59', '02:00'].map(
    (time) => `2026-11-01 ${time}`,
  );
  const instants = ['04:58', '04:59', '05:00', '05:01', '05:58', '05:59', '06:00', '06:01', '06:59', '07:00'].map(
    (time) => `2026-11-01T${time}`,
  );

  test('in the hour that comes twice follow the rows before them, forwards and backwards', async () => {
    const forwards = await imported({ 'b.csv': bars(twice) }, newYork);
    expect(starts(forwards.events)).toEqual(instants);
    const backwards = await imported({ 'b.csv': bars(twice.toReversed()) }, newYork);
    expect(starts(inRows(backwards.events))).toEqual(instants.toReversed());
  });

  test('of hours keep both of the hour that comes twice', async () => {
    const hours = ['00:00', '01:00', '01:00', '02:00'].map((time) => `2026-11-01 ${time}`);
    const { events } = await imported({ 'b.csv': bars(hours) }, { ...newYork, timeframe: '1h' });
    expect(starts(events)).toEqual(['04:00', '05:00', '06:00', '07:00'].map((time) => `2026-11-01T${time}`));
  });

  test.each([
    [
      { timeframe: '1m', symbol: 'A' },
      /b\.csv: its times have no zone \(2026-07-01T09:30:00\).*--time-zone America\/New_York/,
    ],
    [{ timeZone: 'Mars/Olympus', timeframe: '1m', symbol: 'A' }, /--time-zone Mars\/Olympus: no such zone/],
    [{ timeZone: 'UTC', symbol: 'A' }, /b\.csv: nothing tells how long its bars are; give --timeframe 1m/],
    [{ timeZone: 'UTC', timeframe: '1m' }, /b\.csv: its rows name no symbol; give --symbol/],
    [{ timeZone: 'UTC', timeframe: '2d', symbol: 'A' }, /--timeframe 2d: no bar length/],
    [{ timeframe: 'soon' }, /--timeframe: expected 1s to 59s/],
    [{ timeFormat: '%q', timeframe: '1m', symbol: 'A' }, /--time-format %q: %q is not known/],
    [
      { map: { open: 'Nope' }, timeframe: '1m' },
      /b\.csv: its format is not known\. Its first line begins with\n {2}time,open,high/,
    ],
    [
      { map: { open: 'Nope' }, format: 'ohlcv', timeframe: '1m' },
      /no column for open among time, open, .*--map open=COLUMN/,
    ],
    [{ map: { opn: 'x' } }, /--map: Unrecognized key: "opn"/],
    [{ format: 'xls' }, /--format xls: no such format; use one of .*ohlcv/],
  ])('read with %j are refused as a whole, with the way out', async (reading, message) => {
    await expect(imported({ 'b.csv': bars(['2026-07-01 09:30']) }, reading)).rejects.toThrow(message);
  });
});
