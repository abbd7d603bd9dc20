import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { imported } from '../../../helpers/import.ts';

// Headers and rows as the Polygon sheet §9 shows them.
const tradeHeader =
  'ticker,conditions,correction,exchange,id,participant_timestamp,price,sequence_number,sip_timestamp,size,tape,trf_id,trf_timestamp';
const trade =
  'A,"12,37",0,4,52983525159748,1779427811494482943,114.790000,3478,1779436803799308985,4.000000,1,201,1779436803799271495';
const aggregates = 'ticker,volume,open,close,high,low,window_start,transactions';
const minute = 'A,28038.875816,115.030000,114.910000,115.030000,114.760000,1779456600000000000,125';

/** A stock trade that has nothing special but what is given. */
const row = (given: { ticker?: string; size?: string; at?: string; id?: string; price?: string }): string => {
  const { ticker = 'A', size = '1', at = '1779436803799308985', id = '1', price = '10' } = given;
  return `${ticker},,0,12,${id},0,${price},1,${at},${size},3,0,0`;
};

describe('a Polygon flat file', () => {
  test('of stock trades becomes trades with the letters of the SIPs, decimal sizes and both other times', async () => {
    const { events, result } = await imported({ 't.csv.gz': gzipSync(`${tradeHeader}\n${trade}\n`) });
    expect(events).toEqual([
      {
        kind: 'trade',
        market: 'stocks',
        symbol: 'A',
        at: 1779436803799308985n,
        id: '52983525159748',
        price: 114.79,
        size: 4,
        exchange: 'D',
        conditions: ['T', 'I'],
        tape: 'A',
        sequence: 3478,
        participantAt: 1779427811494482943n,
        trfId: 201,
        trfAt: 1779436803799271495n,
        correction: 0,
      },
    ]);
    expect(result.inputs).toEqual([{ name: 't.csv.gz', format: 'polygon', events: 1, rejected: 0 }]);
  });

  test('of stock quotes keeps a price of zero as a side without orders', async () => {
    const { events } = await imported({
      'q.csv':
        'Ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,conditions,indicators,participant_timestamp,sequence_number,sip_timestamp,tape,trf_timestamp\n' +
        'AAPL,0,0.000000,0.000000,11,231.45,200.000000,1,"604,12",1779436803799308000,7,1779436803799308985,3,0\n',
    });
    expect(events).toMatchObject([
      {
        kind: 'quote',
        askPrice: 0,
        askSize: 0,
        bidPrice: 231.45,
        bidExchange: 'P',
        conditions: ['R'],
        indicators: [604, 12],
        tape: 'C',
      },
    ]);
  });

  test('of minutes is published at their ends, of days at the next midnight in New York', async () => {
    // 2026-03-08 has 23 hours in New York.
    const day = 'A,1,2,3,4,1,1772946000000000000,5';
    const { events } = await imported({ 'b.csv': `${aggregates}\n${minute}\n${day}\n` });
    expect(events).toMatchObject([
      { kind: 'daily-bar', start: 1772946000000000000n, at: 1772946000000000000n + 23n * 3_600_000_000_000n },
      {
        kind: 'bar',
        start: 1779456600000000000n,
        at: 1779456660000000000n,
        volume: 28038.875816,
        trades: 125,
        high: 115.03,
      },
    ]);
  });

  test('in a folder of days holds days, whatever their times', async () => {
    const { events } = await imported({
      'day_aggs_v1/2026.csv': `${aggregates}\nX:BTC-USD,1,2,3,4,1,1779408000000000000,5\n`,
    });
    expect(events).toMatchObject([{ kind: 'daily-bar', market: 'crypto', symbol: 'BTC/USD' }]);
  });

  test.each([
    [
      'indices',
      'ticker,open,close,high,low,window_start',
      'I:SPX,1,2,3,1,1779456600000000000',
      { kind: 'bar', symbol: 'SPX', volume: 0 },
    ],
    [
      'options',
      'ticker,conditions,correction,exchange,price,sip_timestamp,size',
      'O:SPY261218C00650000,233,0,312,11.54,1779436803799308985,2',
      { kind: 'trade', symbol: 'SPY261218C00650000', conditions: ['233'], exchange: '312', id: '' },
    ],
    [
      'options',
      'ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,sequence_number,sip_timestamp',
      'O:SPY261218C00650000,313,11.58,24,302,0,0,844090872,1779436803799308985',
      { kind: 'quote', bidPrice: 0, askExchange: '313', sequence: 844090872 },
    ],
    [
      'crypto',
      'ticker,conditions,exchange,id,participant_timestamp,price,size',
      'X:BTC-USD,2,1,14272084,1779436803799308985,61233.4,0.01616617',
      { kind: 'trade', symbol: 'BTC/USD', taker: 'buy', conditions: [], size: 0.01616617, at: 1779436803799308985n },
    ],
    [
      'forex',
      'ticker,ask_exchange,ask_price,bid_exchange,bid_price,participant_timestamp',
      'C:EURUSD,48,1.17031,48,1.17029,1779436803799308985',
      { kind: 'quote', symbol: 'EUR/USD', bidPrice: 1.17029, bidSize: 0 },
    ],
    [
      'futures',
      'ticker,timestamp,sequence_number,report_sequence,price,size,correction,exchange,session_end_date',
      'ESZ6,1779436803799308985,9,4,6540.25,3,0,4,2026-05-22',
      { kind: 'trade', symbol: 'ESZ6', reportSequence: 4, session: '2026-05-22' },
    ],
    [
      'futures',
      'ticker,timestamp,sequence_number,report_sequence,ask_timestamp,ask_price,ask_size,bid_timestamp,bid_price,bid_size,exchange,session_end_date',
      'ESZ6,1779436803799308985,9,4,1779436803799308000,6540.5,37,1779436803799307000,6540.25,41,4,2026-05-22',
      { kind: 'quote', askAt: 1779436803799308000n, bidAt: 1779436803799307000n, askExchange: '4' },
    ],
  ])('of %s is told by its header', async (market, header, cells, expected) => {
    const { events } = await imported({ 'f.csv': `${header}\n${cells}\n` });
    expect(events).toMatchObject([{ market, ...expected }]);
  });

  test('keeps the tickers NA, NULL, nan and TRUE', async () => {
    const tickers = ['NA', 'NULL', 'nan', 'TRUE'];
    const { events } = await imported({
      't.csv': [tradeHeader, ...tickers.map((ticker) => row({ ticker }))].join('\n'),
    });
    expect(events.map(({ symbol }) => symbol)).toEqual(tickers);
  });

  test('in order of tickers, or latest first, plays in order of time; equal times keep the order of the rows', async () => {
    const rows = [
      ...[5, 6, 6].map((at, index) => row({ ticker: 'A', at: `177943680000000000${at}`, id: `a${index}` })),
      ...[9, 6, 2].map((at, index) => row({ ticker: 'B', at: `177943680000000000${at}`, id: `b${index}` })),
    ];
    const { events } = await imported({ 't.csv': [tradeHeader, ...rows].join('\n') });
    expect(events.map((event) => (event.kind === 'trade' ? event.id : ''))).toEqual([
      'b2',
      'a0',
      'a1',
      'a2',
      'b1',
      'b0',
    ]);
  });

  test.each([
    ['volume', minute.replace('28038.875816', '-1')],
    ['transactions', minute.replace('125', '-1')],
  ])('rejects a bar whose %s is below nothing', async (name, bad) => {
    const { events, rejects } = await imported({ 't.csv': [aggregates, bad, minute].join('\n') });
    expect(events).toHaveLength(1);
    expect(rejects).toMatchObject([{ line: 2, reason: `${name} is negative`, value: '-1' }]);
  });

  test.each([
    ['an empty ticker', row({ ticker: '' }), 'ticker is empty', ''],
    ['a price that is a word', row({ price: 'ten' }), 'price is no number', 'ten'],
    ['a price in hexadecimal', row({ price: '0x10' }), 'price is no number', '0x10'],
    ['a price without end', row({ price: '1e999' }), 'price is no number', '1e999'],
    ['a size below nothing', row({ size: '-5' }), 'size is negative', '-5'],
    ['no time', row({ at: '' }), 'sip_timestamp is 0 or empty', ''],
    [
      'a time past 2262',
      row({ at: '9999999999999999999' }),
      'sip_timestamp is no time in nanoseconds',
      '9999999999999999999',
    ],
    ['a cell too few', 'A,1,2', 'the row has not 13 cells as the header', '3'],
    [
      'a quote that never closes',
      'A,"12,37,0,4,1,1,1,1,1,1,1,1,1',
      'a quote is not closed on its line',
      '"12,37,0,4,1,1,1,1,1,1,1,1,1',
    ],
    ['NUL bytes', row({ id: 'a\0b' }), 'the row holds NUL bytes', ''],
    ['an unknown prefix', row({ ticker: 'Z:A' }), 'ticker has an unknown prefix', 'Z:A'],
  ])('loses a row with %s to the report, and only that', async (_, bad, reason, value) => {
    const { events, rejects, result } = await imported({ 't.csv': [tradeHeader, row({}), bad, row({})].join('\n') });
    expect(events).toHaveLength(2);
    expect(rejects).toMatchObject([{ file: 't.csv', line: 3, reason, value, row: bad }]);
    expect(result.reasons).toEqual([[reason, 1]]);
  });
});
