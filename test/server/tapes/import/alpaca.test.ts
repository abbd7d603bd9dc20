import { describe, expect, test } from 'vitest';
import { imported } from '../../../helpers/import.ts';

// Rows as the Alpaca sheet §5 and §7 shows them.
const bar = { t: '2026-07-01T14:29:00Z', o: 231.4, h: 231.52, l: 231.31, c: 231.47, v: 18422, n: 311, vw: 231.418733 };
const trade = { t: '2026-07-01T14:30:00.123456789Z', x: 'V', p: 231.47, s: 40, c: ['@', 'I'], i: 52983, z: 'C' };
const quote = {
  t: '2026-07-01T14:30:00.2345Z',
  ax: 'V',
  ap: 231.49,
  as: 100,
  bx: 'V',
  bp: 231.45,
  bs: 200,
  c: ['R'],
  z: 'C',
};
const several = { bars: { AAPL: [bar], 'BTC/USD': [bar] }, next_page_token: null };
const single = { trades: [trade], symbol: 'AAPL', next_page_token: 'QUFQTA==' };

describe('Alpaca history', () => {
  test('of several symbols and of one, on one page after another, becomes its bars, trades and quotes', async () => {
    const { events, result } = await imported({
      'pages.json':
        JSON.stringify(several) + JSON.stringify(single) + JSON.stringify({ quotes: { AAPL: [quote], MSFT: null } }),
    });
    expect(events).toMatchObject([
      {
        kind: 'bar',
        market: 'stocks',
        symbol: 'AAPL',
        start: 1782916140000000000n,
        at: 1782916200000000000n,
        vwap: 231.418733,
        trades: 311,
      },
      { kind: 'bar', market: 'crypto', symbol: 'BTC/USD' },
      {
        kind: 'trade',
        symbol: 'AAPL',
        at: 1782916200123456789n,
        id: '52983',
        conditions: ['@', 'I'],
        tape: 'C',
        exchange: 'V',
      },
      { kind: 'quote', symbol: 'AAPL', at: 1782916200234500000n, bidSize: 200, askExchange: 'V' },
    ]);
    expect(result.inputs).toMatchObject([{ format: 'alpaca' }]);
  });

  test.each([
    ['one page a line', [several, single].map((page) => JSON.stringify(page)).join('\r\n')],
    ['pages spread over lines', [several, single].map((page) => JSON.stringify(page, null, 2)).join('\n')],
    ['a list of pages', JSON.stringify([several, single])],
    ['a byte order mark', `\uFEFF${JSON.stringify(several)}\n\n${JSON.stringify(single)}\n`],
  ])('is read from %s', async (_, text) => {
    const { events, rejects } = await imported({ 'p.json': text });
    expect([events.length, rejects]).toEqual([3, []]);
  });

  test('keeps ids of crypto past 2^53, and who took', async () => {
    const text =
      '{"trades":{"BTC/USD":[{"t":"2026-07-01T14:30:00.081223Z","p":64211.5,"s":0.00417,"i":4611730215998423041,"tks":"B"}]}}';
    const { events } = await imported({ 'c.json': text });
    expect(events).toMatchObject([{ id: '4611730215998423041', taker: 'buy', size: 0.00417, market: 'crypto' }]);
  });

  test('takes a condition of an option as one text', async () => {
    const text = JSON.stringify({
      trades: { AAPL261218C00300000: [{ t: '2026-07-01T14:30:00Z', p: 1, s: 2, x: 'C', c: 'I' }] },
    });
    expect((await imported({ 'o.json': text })).events).toMatchObject([{ market: 'options', conditions: ['I'] }]);
  });

  test('tells a row that cannot be read by its line and its place, and a page that was cut off', async () => {
    const bad = JSON.stringify({ bars: { AAPL: [bar, { ...bar, c: 'x' }, { ...bar, t: 'noon' }, null, bar] } });
    const { events, rejects } = await imported({
      'p.json': `${bad}\n${JSON.stringify(single).slice(0, 60)}\n${JSON.stringify(single)}\n`,
    });
    expect(events).toHaveLength(3);
    expect(rejects).toMatchObject([
      { line: 1, place: 'bars.AAPL[1]', reason: 'c is no number', value: '"x"' },
      { line: 1, place: 'bars.AAPL[2]', reason: 't is no time', value: 'noon' },
      { line: 1, place: 'bars.AAPL[3]', reason: 'the row is no JSON object' },
      { line: 2, reason: 'is no JSON document' },
    ]);
  });

  test('of days is told by their midnight, and by --timeframe', async () => {
    const day = JSON.stringify({ bars: { AAPL: [{ ...bar, t: '2026-07-01T04:00:00Z' }] } });
    expect((await imported({ 'd.json': day })).events).toMatchObject([{ kind: 'daily-bar', at: 1782964800000000000n }]);
    expect((await imported({ 'd.json': day }, { timeframe: '1h' })).events).toMatchObject([
      { kind: 'bar', at: 1782882000000000000n },
    ]);
  });
});

test.each([
  [
    'bars',
    'symbol,timestamp,open,high,low,close,volume,trade_count,vwap\nAAPL,2026-07-01 14:29:00+00:00,231.4,231.52,231.31,231.47,18422.0,311.0,231.418733\n',
    { kind: 'bar', start: 1782916140000000000n, volume: 18422, trades: 311, vwap: 231.418733 },
  ],
  [
    'trades',
    `symbol,timestamp,exchange,price,size,id,conditions,tape\nAAPL,2026-07-01 14:30:00.123456789+00:00,V,231.47,40.0,52983,"['@', 'I']",C\n`,
    { kind: 'trade', at: 1782916200123456789n, id: '52983', conditions: ['@', 'I'], tape: 'C' },
  ],
  [
    'quotes',
    'symbol,timestamp,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,conditions,tape\nNA,2026-07-01T14:30:00Z,V,0.0,0.0,V,231.45,200.0,R,C\n',
    { kind: 'quote', symbol: 'NA', askPrice: 0, bidPrice: 231.45, conditions: ['R'] },
  ],
])('a table of %s as alpaca-py writes it is read', async (_, text, expected) => {
  const { events, result } = await imported({ 't.csv': text });
  expect(events).toMatchObject([expected]);
  expect(result.inputs).toMatchObject([{ format: 'alpaca-csv' }]);
});
