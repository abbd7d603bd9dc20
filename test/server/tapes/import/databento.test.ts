import { describe, expect, test } from 'vitest';
import { imported } from '../../../helpers/import.ts';

const head =
  'ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,depth,price,size,flags,ts_in_delta,sequence';
const book = 'bid_px_00,ask_px_00,bid_sz_00,ask_sz_00,bid_ct_00,ask_ct_00';

describe('Databento CSV', () => {
  test.each([
    ['integers', '1782916200000000100,1782916200000000000,0,1,5482,T,A,0,231470000000,100,0,165,7,AAPL'],
    [
      'words for people',
      '2026-07-01T14:30:00.000000100Z,2026-07-01T14:30:00.000000000Z,0,1,5482,T,A,0,231.470000000,100,0,165,7,AAPL',
    ],
  ])('of trades is read with prices and times as %s', async (_, row) => {
    const { events, result } = await imported({ 't.csv': `${head},symbol\n${row}\n` });
    expect(events).toMatchObject([
      {
        kind: 'trade',
        symbol: 'AAPL',
        price: 231.47,
        size: 100,
        taker: 'sell',
        at: 1782916200000000000n,
        receivedAt: 1782916200000000100n,
        id: '7',
        sequence: 7,
      },
    ]);
    expect(result.inputs).toMatchObject([{ format: 'databento' }]);
  });

  test('of the top of the book gives a quote where it changed, then the trade; an undefined price is an empty side', async () => {
    const rows = [
      '1,1782916200000000001,1,1,9,A,B,0,10.5,5,0,0,1,10.500000000,9223372036854775807,5,0,1,0,ES',
      '1,1782916200000000002,1,1,9,T,B,0,-10.5,2,0,0,2,10.500000000,9223372036854775807,5,0,1,0,ES',
      '1,1782916200000000003,1,1,9,T,B,0,10.5,1,0,0,3,10.500000000,11.000000000,5,4,1,1,ES',
    ];
    const { events } = await imported(
      { 'm.csv': [`${head},${book},symbol`, ...rows].join('\n') },
      { market: 'futures' },
    );
    expect(events).toMatchObject([
      { kind: 'quote', market: 'futures', bidPrice: 10.5, askPrice: 0, askSize: 0, sequence: 1 },
      { kind: 'trade', price: -10.5, size: 2, taker: 'buy' },
      { kind: 'quote', askPrice: 11 },
      { kind: 'trade', size: 1 },
    ]);
  });

  test('of bars takes their length from the record type', async () => {
    const rows = ['32', '33', '34', '35'].map(
      (type) =>
        `1782864000000000000,${type},1,5482,1000000000,4000000000,1000000000,2500000000,10,SPY   261218C00650000`,
    );
    const { events } = await imported({
      'o.csv': ['ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol', ...rows].join('\n'),
    });
    expect(events.map((event) => [event.kind, event.at - 1782864000000000000n])).toEqual([
      ['second-bar', 1_000_000_000n],
      ['bar', 60_000_000_000n],
      ['bar', 3_600_000_000_000n],
      ['daily-bar', 86_400_000_000_000n],
    ]);
    expect(events[0]).toMatchObject({ market: 'options', symbol: 'SPY261218C00650000', open: 1, close: 2.5 });
  });

  test('without symbols calls instruments by their number, and rejects what is no trade', async () => {
    const rows = [
      '1,1782916200000000000,0,1,5482,T,N,0,1.5,1,0,0,1',
      '1,1782916200000000000,0,1,5482,C,N,0,1.5,1,0,0,1',
    ];
    const { events, rejects } = await imported({ 't.csv': [head, ...rows].join('\n') });
    expect(events).toMatchObject([{ symbol: '5482', taker: undefined }]);
    expect(rejects).toMatchObject([{ line: 3, reason: 'action is no trade', value: 'C' }]);
  });
});
