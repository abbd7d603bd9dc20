import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../../../market/clock.ts';
import type { Nanos, Trade } from '../../../../market/event.ts';
import { minute } from '../../../../market/nanos.ts';
import { TimeZone } from '../../../../market/time-zone.ts';
import type { Papertape } from '../../../../server/index.ts';
import { Asker, playToEnd } from '../../../helpers/asker.ts';
import { quote, trade } from '../../../helpers/events.ts';
import { serve } from '../../../helpers/serve.ts';

// Tuesday 30 June to Thursday 2 July 2026: the end of a month lies between them.
const newYork = new TimeZone('America/New_York');
const dates = ['2026-06-30', '2026-07-01', '2026-07-02'];

/** Every 7 minutes from 08:00, before the market opens, to 17:56, after it has closed. */
const stock: readonly Trade[] = dates.flatMap((date, index) =>
  Array.from({ length: 86 }, (_, turn) =>
    trade(newYork.at(date, '08:00') + BigInt(turn) * 7n * minute, {
      id: `${index}${turn}`,
      price: 200 + index * 10 + ((turn * 37) % 100) / 8,
      size: 100 + turn,
    }),
  ),
);
const coin: readonly Trade[] = Array.from({ length: 144 }, (_, turn) =>
  trade(newYork.at('2026-06-30', '00:10') + BigInt(turn) * 29n * minute, {
    market: 'crypto',
    symbol: 'BTC/USD',
    id: `${turn}`,
    price: 61_000 + ((turn * 53) % 211) / 4,
    size: 0.5,
    conditions: [],
    tape: undefined,
  }),
);
const rates = dates.map((date, index) =>
  quote(newYork.at(date, '12:00'), {
    market: 'forex',
    symbol: 'EUR/USD',
    bidPrice: 1.1702 + index / 1000,
    askPrice: 1.1704 + index / 1000,
  }),
);
const tape = [...stock, ...coin, ...rates].sort((one, other) => (one.at < other.at ? -1 : 1));

let papertape: Papertape;
let asker: Asker;
beforeAll(async () => {
  const clock = new ManualClock(0n);
  papertape = await serve(tape, {}, { endpoints: { twelvedata: {} } }, clock);
  asker = new Asker(papertape, { authorization: 'apikey demo' });
  await playToEnd(papertape, clock);
});
afterAll(() => papertape[Symbol.asyncDispose]());

const rowList = z.array(z.record(z.string(), z.string()));
type Row = Readonly<Record<string, string>>;

async function values(query: Record<string, string | number | boolean>): Promise<readonly Row[]> {
  const body = await asker.get('/time_series', query);
  return rowList.parse(body['values']);
}

test('a series comes newest first, all numbers texts, told by the wall of its exchange', async () => {
  const body = await asker.get('/time_series', { symbol: 'AAPL', interval: '1min', outputsize: 2 });
  expect(body).toEqual({
    meta: {
      symbol: 'AAPL',
      interval: '1min',
      currency: 'USD',
      exchange_timezone: 'America/New_York',
      exchange: 'NASDAQ',
      mic_code: 'XNGS',
      type: 'Common Stock',
    },
    values: [
      {
        datetime: '2026-07-02 15:56:00',
        open: '222.00000',
        high: '222.00000',
        low: '222.00000',
        close: '222.00000',
        volume: '168',
      },
      {
        datetime: '2026-07-02 15:49:00',
        open: '229.87500',
        high: '229.87500',
        low: '229.87500',
        close: '229.87500',
        volume: '167',
      },
    ],
    status: 'ok',
  });
});

const intraday = {
  '1min': 1,
  '5min': 5,
  '15min': 15,
  '30min': 30,
  '45min': 45,
  '1h': 60,
  '2h': 120,
  '4h': 240,
  '8h': 480,
};

test.each(Object.entries(intraday))(
  'bars of stocks of %s are counted from the opening bell',
  async (interval, width) => {
    const open = (at: Nanos): Nanos => newYork.at(newYork.date(at), '09:30');
    const inHours = stock.filter(({ at }) => at >= open(at) && at < newYork.at(newYork.date(at), '16:00'));
    const start = (at: Nanos): Nanos => at - ((at - open(at)) % (BigInt(width) * minute));
    expect(await values({ symbol: 'AAPL', interval, outputsize: 5000 })).toEqual(
      folded(inHours, start)
        .map((row) => ({ ...row, datetime: wall(row.start, newYork) }))
        .map(withoutStart),
    );
  },
);

test.each(Object.entries(intraday))('bars of pairs of %s follow the clock, in UTC', async (interval, width) => {
  const start = (at: Nanos): Nanos => at - (at % (BigInt(width) * minute));
  expect(await values({ symbol: 'BTC/USD', interval, outputsize: 5000 })).toEqual(
    folded(coin, start)
      .map((row) => ({ ...row, datetime: wall(row.start, new TimeZone('UTC')) }))
      .map(withoutStart)
      .map(({ volume: _volume, ...row }) => row),
  );
});

test('an hour that comes twice, as clocks go back, is told twice', async () => {
  const clock = new ManualClock(0n);
  // 01:10 and 01:40 in New York, in summer time and then again in winter time.
  const ticks = ['05:10', '05:40', '06:10', '06:40'].map((time, index) =>
    trade(new TimeZone('UTC').at('2026-11-01', time), {
      market: 'crypto',
      symbol: 'BTC/USD',
      id: time,
      price: index + 1,
    }),
  );
  const listings = { 'BTC/USD': { zone: 'America/New_York' } };
  await using autumn = await serve(ticks, {}, { endpoints: { twelvedata: { listings } } }, clock);
  await playToEnd(autumn, clock);
  const told = async (interval: string): Promise<readonly string[]> => {
    const query = { symbol: 'BTC/USD', interval, timezone: 'UTC', order: 'asc' };
    const body = await new Asker(autumn, { authorization: 'apikey demo' }).get('/time_series', query);
    return rowList
      .parse(body['values'])
      .map(({ datetime = '', close = '' }) => `${datetime.slice(11, 16)} ${Number(close)}`);
  };
  expect(await told('1h')).toEqual(['05:00 2', '06:00 4']);
  expect(await told('30min')).toEqual(['05:00 1', '05:30 2', '06:00 3', '06:30 4']);
  expect(await told('4h')).toEqual(['04:00 4']);
});

test('days, weeks and months are called by their first date', async () => {
  const datesOf = async (interval: string, symbol = 'AAPL'): Promise<string[]> =>
    (await values({ symbol, interval })).map(({ datetime = '' }) => datetime);
  expect(await datesOf('1day')).toEqual(['2026-07-02', '2026-07-01', '2026-06-30']);
  expect(await datesOf('1week')).toEqual(['2026-06-29']);
  expect(await datesOf('1month')).toEqual(['2026-07-01', '2026-06-01']);
  expect(await datesOf('1month', 'BTC/USD')).toEqual(['2026-07-01', '2026-06-01']);
});

test('a longer bar is made of the shorter ones within it', async () => {
  const [days, weeks, months] = await Promise.all([
    values({ symbol: 'AAPL', interval: '1day' }),
    values({ symbol: 'AAPL', interval: '1week' }),
    values({ symbol: 'AAPL', interval: '1month' }),
  ]);
  const [week, july] = [weeks[0], months[0]];
  const volumes = days.map(({ volume }) => Number(volume));
  expect(Number(week?.['volume'])).toBe(volumes.reduce((sum, volume) => sum + volume, 0));
  expect(Number(july?.['volume'])).toBe((volumes[0] ?? 0) + (volumes[1] ?? 0));
  expect(week).toMatchObject({ open: days.at(-1)?.['open'], close: days[0]?.['close'] });
});

test('dates bound a series, both ends included, read by the wall of the exchange or of the zone asked for', async () => {
  const query = { symbol: 'AAPL', interval: '1h', start_date: '2026-07-01T10:30:00', end_date: '2026-07-01 13:30:00' };
  const times = async (more: Record<string, string>): Promise<string[]> =>
    (await values({ ...query, ...more })).map(({ datetime = '' }) => datetime.slice(11, 16));
  expect(await times({})).toEqual(['13:30', '12:30', '11:30', '10:30']);
  expect(await times({ order: 'asc' })).toEqual(['10:30', '11:30', '12:30', '13:30']);
  expect(await times({ timezone: 'UTC', start_date: '2026-07-01 14:30:00', end_date: '2026-07-01 15:30:00' })).toEqual([
    '15:30',
    '14:30',
  ]);
  expect(await times({ outputsize: '2' })).toEqual(['13:30', '12:30']);
  expect(await values({ symbol: 'AAPL', interval: '1day', date: 'yesterday', timezone: 'Asia/Tokyo' })).toMatchObject([
    { datetime: '2026-07-01' },
  ]);
});

test('a request names decimals, the close before, and extended hours, which have no volume', async () => {
  const [newest, oldest] = [{ outputsize: 1 }, { outputsize: 3 }].map((more) => ({
    symbol: 'AAPL',
    interval: '1day',
    dp: 1,
    previous_close: true,
    ...more,
  }));
  const days = await values({ ...oldest });
  expect(days[0]).toMatchObject({ close: days[0]?.['close'], previous_close: days[1]?.['close'] });
  expect(await values({ ...newest })).toEqual([days[0]]);
  expect(days[2]).not.toHaveProperty('previous_close');
  expect(days[0]?.['close']).toMatch(/^\d+\.\d$/);
  const early = await values({
    symbol: 'AAPL',
    interval: '30min',
    prepost: true,
    start_date: '2026-07-02',
    order: 'asc',
  });
  expect(early[0]).toMatchObject({ datetime: '2026-07-02 08:00:00' });
  expect(early[0]).not.toHaveProperty('volume');
});

test('several symbols come by symbol, and one of them may fail', async () => {
  const { body, headers } = await asker.ask('/time_series', {
    symbol: 'AAPL:NASDAQ,BTC/USD,NOPE,AAPL:NYSE',
    interval: '1day',
    outputsize: 1,
  });
  expect(headers.get('is_batch')).toBe('true');
  const refused = { code: 404, status: 'error', message: expect.stringContaining('**symbol** or **figi** parameter') };
  expect(body).toEqual({
    'AAPL:NASDAQ': { meta: expect.objectContaining({ symbol: 'AAPL' }), values: [expect.anything()], status: 'ok' },
    'BTC/USD': {
      meta: {
        symbol: 'BTC/USD',
        interval: '1day',
        currency_base: 'Bitcoin',
        currency_quote: 'US Dollar',
        exchange: 'Coinbase Pro',
        type: 'Digital Currency',
      },
      values: [expect.anything()],
      status: 'ok',
    },
    NOPE: refused,
    'AAPL:NYSE': refused,
  });
});

test('a series comes as lines of CSV', async () => {
  const query = { symbol: 'AAPL', interval: '1h', outputsize: 2, format: 'csv', dp: 2 };
  const { text, headers } = await asker.ask('/time_series', query);
  expect(headers.get('content-type')).toMatch('text/csv');
  const [first, second_] = await values({ ...query, format: 'JSON' });
  const line = (row: Row | undefined): string => Object.values(row ?? {}).join(';');
  expect(text).toBe(`datetime;open;high;low;close;volume\n${line(first)}\n${line(second_)}\n`);
  const commas = await asker.ask('/time_series', { ...query, delimiter: ',' });
  expect(commas.text).toBe(text.replaceAll(';', ','));
});

/** Bars of trades by the start of each, newest first: what the series should say, made by other means. */
function folded(trades: readonly Trade[], start: (at: Nanos) => Nanos) {
  const groups = new Map<Nanos, Trade[]>();
  for (const one of trades) groups.set(start(one.at), [...(groups.get(start(one.at)) ?? []), one]);
  return [...groups]
    .map(([first, group]) => {
      const prices = group.map(({ price }) => price);
      const text = (value: number | undefined): string => (value ?? 0).toFixed(5);
      return {
        start: first,
        datetime: '',
        open: text(prices[0]),
        high: text(Math.max(...prices)),
        low: text(Math.min(...prices)),
        close: text(prices.at(-1)),
        volume: String(Math.round(group.reduce((sum, { size }) => sum + size, 0))),
      };
    })
    .toReversed();
}

function withoutStart<One extends { readonly start: Nanos }>({ start: _start, ...row }: One): Omit<One, 'start'> {
  return row;
}

function wall(at: Nanos, zone: TimeZone): string {
  return new Date(Number(zone.wall(at) / 1_000_000n)).toISOString().slice(0, 19).replace('T', ' ');
}
