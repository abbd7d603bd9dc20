import * as fc from 'fast-check';
import { type Bar, isBar, type MarketEvent, type Nanos } from '../../../../market/event.ts';
import { lineOfEvent } from '../../../../server/sources/file/index.ts';
import type { Reading } from '../../../../server/sources/source.ts';
import { isoOf } from '../../../../server/tapes/instant.ts';
import { bar, quote, trade } from '../../../helpers/events.ts';

/** How a format spells events: the opposite of its reader, to the fields that the format carries. */
export interface Spelling {
  readonly file: string;
  readonly format: string;
  readonly reading?: Partial<Reading>;
  readonly head: readonly string[];
  /** The times the format can tell apart. */
  readonly grain: Nanos;
  event(symbol: string, at: Nanos): fc.Arbitrary<MarketEvent>;
  row(event: MarketEvent): string;
  /** Lines that stand for no row. */
  readonly broken: readonly string[];
}

const price = fc.integer({ min: 1, max: 10_000_000 }).map((ticks) => ticks / 10_000);
const size = fc.integer({ min: 0, max: 1_000_000_000 }).map((parts) => parts / 1_000_000);
const minute = 60_000_000_000n;
const letters = { '12': 'T', '37': 'I', '14': 'F', '0': '@', '77': '77' };
const numberOf = (letter: string): string => Object.entries(letters).find(([, one]) => one === letter)?.[0] ?? '';
const sipLetters = fc.subarray(Object.values(letters));
const quoted = (cells: readonly string[]): string => (cells.length > 1 ? `"${cells.join(',')}"` : cells.join(''));
const noTrade = { exchange: undefined, conditions: [], tape: undefined };

/** High and low around both ends, as in any bar. */
const ends = fc.array(price, { minLength: 4, maxLength: 4 }).map((prices) => {
  const [low = 0, open = 0, close = 0, high = 0] = prices.toSorted((one, other) => one - other);
  return { low, open, close, high };
});
const typical = ({ high, low, close }: { high: number; low: number; close: number }): number =>
  Number(((high + low + close) / 3).toPrecision(12));

function only<Kind extends MarketEvent['kind']>(event: MarketEvent, kind: Kind): Extract<MarketEvent, { kind: Kind }> {
  if (isOf(event, kind)) return event;
  throw new TypeError(`${event.kind} is no ${kind}`);
}
function isOf<Kind extends MarketEvent['kind']>(
  event: MarketEvent,
  kind: Kind,
): event is Extract<MarketEvent, { kind: Kind }> {
  return event.kind === kind;
}

function onlyBar(event: MarketEvent): Bar {
  if (isBar(event)) return event;
  throw new TypeError(`${event.kind} is no bar`);
}

const alpacaTrade = (symbol: string, at: Nanos): fc.Arbitrary<MarketEvent> =>
  fc
    .tuple(price, size, fc.nat(), sipLetters)
    .map(([paid, shares, id, conditions]) =>
      trade(at, { symbol, price: paid, size: shares, id: String(id), conditions }),
    );

const twelveBar = (symbol: string, start: Nanos): fc.Arbitrary<MarketEvent> =>
  fc
    .tuple(ends, fc.nat())
    .map(([prices, volume]) =>
      bar('bar', start, start + minute, { symbol, ...prices, volume, trades: 0, vwap: typical(prices) }),
    );
/** `2026-07-01 08:30:00`, in a zone whose clocks never change. */
const bogota = (at: Nanos): string => isoOf(at - 300n * minute).replace(/T(.{8}).*/, ' $1');
/** Numbers as Twelve Data writes them: prices to the fifth decimal. */
const texts = ({ volume, ...prices }: Readonly<Record<string, number>>): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(prices).map(([name, number]) => [name, number.toFixed(5)])),
  volume: String(volume),
});

export const spellings: Readonly<Record<string, Spelling>> = {
  'Polygon trades': {
    file: 't.csv',
    format: 'polygon',
    head: [
      'ticker,conditions,correction,exchange,id,participant_timestamp,price,sequence_number,sip_timestamp,size,tape,trf_id,trf_timestamp',
    ],
    grain: 1n,
    event: (symbol, at) =>
      fc.tuple(price, size, fc.nat(), sipLetters, fc.boolean()).map(([paid, shares, number, conditions, off]) =>
        trade(at, {
          symbol,
          price: paid,
          size: shares,
          id: `i${number}`,
          conditions,
          exchange: off ? 'D' : 'V',
          sequence: number,
          correction: 0,
          participantAt: at - 5n,
          trfId: off ? 202 : undefined,
          trfAt: off ? at - 3n : undefined,
        }),
      ),
    row: (event) => {
      const {
        symbol,
        conditions,
        exchange,
        id,
        price: paid,
        size: shares,
        at,
        sequence,
        trfId,
        trfAt,
      } = only(event, 'trade');
      const venue = exchange === 'D' ? 4 : 15;
      return `${symbol},${quoted(conditions.map(numberOf))},0,${venue},${id},${at - 5n},${paid},${sequence},${at},${shares.toFixed(6)},3,${trfId ?? 0},${trfAt ?? 0}`;
    },
    broken: [
      'A',
      ',,0,4,1,1,1,1,1,1,1,0,0',
      'A,"12,37,0,4,1,1,1,1,1,1,1,0,0',
      'A,,0,4,1,1,x,1,1,1,1,0,0',
      'A,,0,4,1,1,1,1,-1,1,1,0,0',
      '\0',
    ],
  },
  'Polygon quotes': {
    file: 'q.csv',
    format: 'polygon',
    head: [
      'ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,conditions,indicators,participant_timestamp,sequence_number,sip_timestamp,tape,trf_timestamp',
    ],
    grain: 1n,
    event: (symbol, at) =>
      fc
        .tuple(fc.constantFrom(0, 1.5), price, size, fc.subarray([604, 12]))
        .map(([bid, ask, shares, indicators]) =>
          quote(at, { symbol, bidPrice: bid, askPrice: ask, bidSize: shares, indicators, sequence: 7 }),
        ),
    row: (event) => {
      const { symbol, at, askPrice, askSize, bidPrice, bidSize, indicators } = only(event, 'quote');
      return `${symbol},15,${askPrice},${askSize},15,${bidPrice.toFixed(6)},${bidSize},1,${quoted(indicators.map(String))},0,7,${at},3,0`;
    },
    broken: ['A,15', 'A,15,1,1,15,1,1,x,,0,7,1,3,0', 'A,15,NaN,1,15,1,1,1,,0,7,1,3,0', 'A,15,1,1,15,1,1,1,,0,7,,3,0'],
  },
  'Polygon minutes': {
    file: 'minute_aggs_v1/m.csv',
    format: 'polygon',
    head: ['ticker,volume,open,close,high,low,window_start,transactions'],
    grain: minute,
    event: (symbol, start) =>
      fc
        .tuple(ends, size, fc.nat())
        .map(([prices, volume, trades]) =>
          bar('bar', start, start + minute, { symbol, ...prices, volume, trades, vwap: typical(prices) }),
        ),
    row: (event) => {
      const { symbol, volume, open, close, high, low, start, trades } = onlyBar(event);
      return `${symbol},${volume},${open},${close},${high},${low},${start},${trades}`;
    },
    broken: ['A,1,2,3,4,1,0,5', 'A,1,,3,4,1,1779456600000000000,5', 'A;1'],
  },
  'Alpaca pages': {
    file: 'p.json',
    format: 'alpaca',
    head: [],
    grain: 1n,
    event: alpacaTrade,
    row: (event) => {
      const { symbol, at, id, price: p, size: s, conditions: c } = only(event, 'trade');
      return JSON.stringify({
        trades: { [symbol]: [{ t: isoOf(at), x: 'V', p, s, c, i: Number(id), z: 'C' }] },
        next_page_token: null,
      });
    },
    broken: ['{"trades":{"A":[{"t":"now"}]}}', '{"trades":', '{}', '{"bars":7}'],
  },
  'a table of alpaca-py': {
    file: 'a.csv',
    format: 'alpaca-csv',
    head: ['symbol,timestamp,exchange,price,size,id,conditions,tape'],
    grain: 1n,
    event: alpacaTrade,
    row: (event) => {
      const { symbol, at, id, price: paid, size: shares, conditions } = only(event, 'trade');
      const list = `[${conditions.map((one) => `'${one}'`).join(', ')}]`;
      return `${symbol},${isoOf(at).replace('T', ' ').replace('Z', '+00:00')},V,${paid},${shares},${id},"${list}",C`;
    },
    broken: ['A,yesterday,V,1,1,1,[],C', 'A', 'A,2026-13-01 00:00:00Z,V,1,1,1,[],C', '"A'],
  },
  'Databento trades': {
    file: 'd.csv',
    format: 'databento',
    head: [
      'ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,depth,price,size,flags,ts_in_delta,sequence,symbol',
    ],
    grain: 1n,
    event: (symbol, at) =>
      fc
        .tuple(price, fc.nat(), fc.nat(), fc.constantFrom('buy' as const, 'sell' as const, undefined))
        .map(([paid, shares, number, taker]) =>
          trade(at, {
            symbol,
            price: paid,
            size: shares,
            id: String(number),
            sequence: number,
            taker,
            receivedAt: at + 9n,
            ...noTrade,
          }),
        ),
    row: (event) => {
      const { symbol, at, price: paid, size: shares, sequence, taker } = only(event, 'trade');
      const side = taker === 'buy' ? 'B' : taker === 'sell' ? 'A' : 'N';
      return `${at + 9n},${at},0,1,1,T,${side},0,${Math.round(paid * 1e4)}00000,${shares},0,0,${sequence},${symbol}`;
    },
    broken: [
      '1,1,0,1,1,C,N,0,1,1,0,0,1,A',
      '1,x,0,1,1,T,N,0,1,1,0,0,1,A',
      '1,1,0,1,1,T,N,0,9223372036854775807,1,0,0,1,A',
      'x',
    ],
  },
  'a table of bars': {
    file: 'o.csv',
    format: 'ohlcv',
    reading: { timeframe: '1m', timeZone: 'America/New_York', barLabel: 'end', market: 'stocks' },
    head: ['When;Symbol;Open;High;Low;Close;Volume;VWAP;Trades'].map((text) => text.replace('When', 'time')),
    grain: minute,
    event: (symbol, start) =>
      fc
        .tuple(ends, size, fc.nat(), price)
        .map(([prices, volume, trades, vwap]) =>
          bar('bar', start, start + minute, { symbol, ...prices, volume, trades, vwap }),
        ),
    row: (event) => {
      const { symbol, start, open, high, low, close, volume, vwap, trades } = onlyBar(event);
      // An instant that says its zone, so that the hour that comes twice is no matter here.
      return `${isoOf(start + minute)};${symbol};${open};${high};${low};${close};${volume};${vwap};${trades}`;
    },
    broken: [
      '2026-07-01T00:00:00Z;A;1,5;1;1;1;1;1;1',
      'soon;A;1;1;1;1;1;1;1',
      '2026-07-01T00:00:00Z;;1;1;1;1;1;1;1',
      ';',
    ],
  },
  'Twelve Data series': {
    file: 'td.json',
    format: 'twelvedata',
    head: [],
    grain: minute,
    event: twelveBar,
    row: (event) => {
      const { symbol, start, open, high, low, close, volume } = onlyBar(event);
      const values = [{ datetime: bogota(start), ...texts({ open, high, low, close, volume }) }];
      const meta = { symbol, interval: '1min', exchange_timezone: 'America/Bogota', type: 'Common Stock' };
      return JSON.stringify({ meta, values, status: 'ok' });
    },
    broken: [
      '{"code":429,"message":"You have run out of API credits for the day.","status":"error"}',
      '{"meta":{"symbol":"A","interval":"1week"},"values":[],"status":"ok"}',
      '{"meta":{"symbol":"A","interval":"1min"},"values":[{"datetime":"soon","open":"1"}],"status":"ok"}',
      '{"meta":',
      '{}',
    ],
  },
  'a table of Twelve Data': {
    file: 'td.csv',
    format: 'ohlcv',
    reading: { timeframe: '1m', timeZone: 'America/Bogota', symbol: 'AAPL' },
    head: ['datetime;open;high;low;close;volume'],
    grain: minute,
    event: (_, start) => twelveBar('AAPL', start),
    row: (event) => {
      const { start, open, high, low, close, volume } = onlyBar(event);
      const numbers = Object.values(texts({ open, high, low, close, volume }));
      return [bogota(start), ...numbers].join(';');
    },
    broken: ['2026-07-01 09:30:00;1;1;1', '2026-07-01 09:30:00;1;1;1;x;1', '2026-07-41;1;1;1;1;1', ';'],
  },
  'our own lines': {
    file: 'n.ndjson',
    format: 'ndjson',
    head: [],
    grain: 1n,
    event: alpacaTrade,
    row: lineOfEvent,
    broken: [
      '{',
      '{"kind":"trade"}',
      '[]',
      'null',
      '{"kind":"value","market":"indices","symbol":"X","at":1,"value":1}',
    ],
  },
};
