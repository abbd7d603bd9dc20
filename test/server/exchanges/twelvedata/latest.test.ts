import { expect, test } from 'vitest';
import { ManualClock } from '../../../../market/clock.ts';
import type { MarketEvent, Nanos } from '../../../../market/event.ts';
import { hour, minute, second, seconds } from '../../../../market/nanos.ts';
import { TimeZone } from '../../../../market/time-zone.ts';
import type { Papertape } from '../../../../server/index.ts';
import { Asker, playToEnd } from '../../../helpers/asker.ts';
import { price, quote, trade } from '../../../helpers/events.ts';
import { serve } from '../../../helpers/serve.ts';

const newYork = new TimeZone('America/New_York');
const at = (date: string, time: string): Nanos => newYork.at(date, time);
const unix = (instant: Nanos): number => Number(instant / second);
const coin = { market: 'crypto', symbol: 'BTC/USD', conditions: [], tape: undefined, size: 0.5 } as const;

/** A Wednesday, and the Thursday after it until shortly after 11:00. */
const tape: readonly MarketEvent[] = [
  trade(at('2026-07-01', '09:35'), { id: '1', price: 200, size: 100 }),
  trade(at('2026-07-01', '11:00'), { ...coin, id: '2', price: 60_000 }),
  trade(at('2026-07-01', '12:00'), { id: '3', price: 190, size: 300 }),
  quote(at('2026-07-01', '13:00'), { market: 'forex', symbol: 'EUR/USD', bidPrice: 1.17, askPrice: 1.1702 }),
  trade(at('2026-07-01', '15:59'), { id: '4', price: 210, size: 100 }),
  trade(at('2026-07-02', '09:30:30'), { id: '5', price: 215.5, size: 10 }),
  quote(at('2026-07-02', '10:00'), { market: 'forex', symbol: 'EUR/USD', bidPrice: 1.17029, askPrice: 1.17031 }),
  trade(at('2026-07-02', '10:59'), { ...coin, id: '6', price: 61_200 }),
  trade(at('2026-07-02', '11:00'), { id: '7', price: 220.5, size: 20 }),
  // Late, so it moves no last price.
  trade(at('2026-07-02', '11:00:30'), { id: '8', price: 217, size: 5, conditions: ['Z'] }),
  price(at('2026-07-02', '11:02:00'), { market: 'indices', symbol: 'NSEI', price: 24_739.7 }),
];

async function played(events: readonly MarketEvent[] = tape): Promise<Papertape> {
  const clock = new ManualClock(0n);
  const papertape = await serve(events, {}, { endpoints: { twelvedata: {} } }, clock);
  await playToEnd(papertape, clock);
  return papertape;
}
const askerOf = (papertape: Papertape): Asker => new Asker(papertape, { authorization: 'apikey demo' });

test('a last price is the one that was streamed, padded to five decimals unless others are asked for', async () => {
  await using papertape = await played();
  const asker = askerOf(papertape);
  expect(await asker.get('/price', { symbol: 'AAPL' })).toEqual({ price: '220.50000' });
  expect(await asker.get('/price', { symbol: 'EUR/USD,BTC/USD', dp: 2 })).toEqual({
    'EUR/USD': { price: '1.17' },
    'BTC/USD': { price: '61200.00' },
  });
  expect((await asker.ask('/price', { symbol: 'AAPL', format: 'CSV' })).text).toBe('price\n220.50000\n');
});

test('a rate is a number, of now or of a date', async () => {
  await using papertape = await played();
  const asker = askerOf(papertape);
  const now = { symbol: 'EUR/USD', rate: 1.1703, timestamp: unix(at('2026-07-02', '10:00')) };
  expect(await asker.get('/exchange_rate', { symbol: 'EUR/USD' })).toEqual(now);
  expect(await asker.get('/exchange_rate', { symbol: 'EUR/USD', date: '2026-07-01', dp: 3 })).toEqual({
    symbol: 'EUR/USD',
    rate: 1.17,
    timestamp: unix(at('2026-07-01', '13:00')),
  });
  expect(await asker.ask('/exchange_rate', { symbol: 'EUR/USD', date: '2026-06-01' })).toMatchObject({ status: 400 });
  expect(await asker.ask('/exchange_rate', { symbol: 'AAPL' })).toMatchObject({ status: 404 });
});

test('a quote sets the day so far beside the day before', async () => {
  await using papertape = await played();
  expect(await askerOf(papertape).get('/quote', { symbol: 'AAPL', dp: 2 })).toEqual({
    symbol: 'AAPL',
    name: 'Apple Inc.',
    exchange: 'NASDAQ',
    mic_code: 'XNGS',
    currency: 'USD',
    datetime: '2026-07-02',
    timestamp: unix(at('2026-07-02', '09:30')),
    last_quote_at: unix(at('2026-07-02', '11:00')),
    open: '215.50',
    high: '220.50',
    low: '215.50',
    close: '220.50',
    volume: '35',
    previous_close: '210.00',
    change: '10.50',
    percent_change: '5.00',
    average_volume: '268',
    is_market_open: true,
    fifty_two_week: {
      low: '190.00',
      high: '220.50',
      low_change: '30.50',
      high_change: '0.00',
      low_change_percent: '16.05',
      high_change_percent: '0.00',
      range: '190.000000 - 220.500000',
    },
  });
});

test('a quote of a pair has no volume, and crypto is set against the price a day ago', async () => {
  await using papertape = await played();
  const body = await askerOf(papertape).get('/quote', { symbol: 'BTC/USD', interval: '1h', dp: 1 });
  expect(body).toMatchObject({
    name: 'Bitcoin US Dollar',
    exchange: 'Coinbase Pro',
    datetime: '2026-07-02 14:00:00',
    close: '61200.0',
    previous_close: '60000.0',
    rolling_1d_change: '2.00000',
    rolling_change: '2.00000',
  });
  for (const missing of ['volume', 'average_volume', 'mic_code', 'rolling_7d_change'])
    expect(body).not.toHaveProperty(missing);
});

test('the close of a day is told when the day is over', async () => {
  await using papertape = await played();
  const asker = askerOf(papertape);
  const wednesday = {
    symbol: 'AAPL',
    exchange: 'NASDAQ',
    mic_code: 'XNGS',
    currency: 'USD',
    datetime: '2026-07-01',
    close: '210.00000',
  };
  expect(await asker.get('/eod', { symbol: 'AAPL' })).toEqual(wednesday);
  expect(await asker.get('/eod', { symbol: 'AAPL', date: 'yesterday' })).toEqual(wednesday);
  expect(await asker.ask('/eod', { symbol: 'AAPL', date: 'today' })).toMatchObject({ status: 400 });
  expect(await asker.get('/quote', { symbol: 'AAPL', eod: true })).toMatchObject({
    datetime: '2026-07-01',
    previous_close: null,
  });
});

test('the market is open when it was on the tape, also when its times are moved to the present', async () => {
  const clock = new ManualClock(at('2026-11-22', '03:00'));
  const day = [trade(at('2026-07-01', '12:09'), { id: '1' }), trade(at('2026-07-01', '12:10'), { id: '2' })];
  const replay = { timestamps: 'shifted' } as const;
  await using papertape = await serve(day, replay, { endpoints: { twelvedata: {} } }, clock);
  const asker = askerOf(papertape);
  papertape.run.play();
  await clock.advance(seconds(60));
  const open = {
    is_market_open: true,
    time_after_open: '02:40:00',
    time_to_open: '00:00:00',
    time_to_close: '03:50:00',
  };
  const { list } = await asker.get('/market_state', { exchange: 'NYSE' });
  expect(list).toEqual(
    ['XNYS', 'XASE', 'ARCX'].map((code) => ({ name: 'NYSE', code, country: 'United States', ...open })),
  );
  expect(await asker.get('/market_state', { country: 'Japan' })).toEqual({ list: [] });
  // 1 minute of tape has passed since 03:00 on that Sunday.
  expect(await asker.get('/time_series', { symbol: 'AAPL', interval: '1min' })).toMatchObject({
    values: [{ datetime: '2026-11-22 03:00:00' }],
  });
});

test('a closed market says when it opens', async () => {
  await using papertape = await played([trade(at('2026-07-02', '16:59'), { id: '1', conditions: ['T'] })]);
  const { list } = await askerOf(papertape).get('/market_state', { code: 'xnys' });
  // The bar of 16:59 is out. 3 July is a holiday, and the weekend follows.
  const toOpen = at('2026-07-06', '09:30') - at('2026-07-02', '17:00');
  expect(list).toMatchObject([
    {
      is_market_open: false,
      time_after_open: '00:00:00',
      time_to_open: `${toOpen / hour}:${(toOpen % hour) / minute}:00`,
      time_to_close: '00:00:00',
    },
  ]);
});

test('nothing of what has not been played is told', async () => {
  const clock = new ManualClock(0n);
  await using papertape = await serve(tape, {}, { endpoints: { twelvedata: {} } }, clock);
  const asker = askerOf(papertape);
  expect(await asker.ask('/price', { symbol: 'AAPL' })).toMatchObject({
    status: 400,
    body: {
      code: 400,
      status: 'error',
      message: expect.stringMatching('^No data is available on the specified dates'),
    },
  });
  papertape.run.play();
  await clock.advance(seconds(5));
  expect(await asker.get('/price', { symbol: 'AAPL' })).toEqual({ price: '200.00000' });
});
