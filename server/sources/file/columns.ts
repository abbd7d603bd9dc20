import type { MarketEvent } from '../../../market/event.ts';

type FieldOf<Event> = Event extends unknown ? keyof Event : never;
type Field = FieldOf<MarketEvent>;

const print = 'STRUCT(id VARCHAR, price DOUBLE, size DOUBLE, conditions VARCHAR[])';
const levels = 'STRUCT(price DOUBLE, size DOUBLE)[]';

/** The wide table of a Parquet tape: one column for every field any kind of event has, null where a kind has none. */
export const columns: Readonly<Record<Field, string>> = {
  at: 'BIGINT',
  kind: 'VARCHAR',
  market: 'VARCHAR',
  symbol: 'VARCHAR',
  id: 'VARCHAR',
  price: 'DOUBLE',
  size: 'DOUBLE',
  exchange: 'VARCHAR',
  conditions: 'VARCHAR[]',
  tape: 'VARCHAR',
  sequence: 'DOUBLE',
  participantAt: 'BIGINT',
  trfId: 'DOUBLE',
  trfAt: 'BIGINT',
  taker: 'VARCHAR',
  bidPrice: 'DOUBLE',
  bidSize: 'DOUBLE',
  bidExchange: 'VARCHAR',
  askPrice: 'DOUBLE',
  askSize: 'DOUBLE',
  askExchange: 'VARCHAR',
  indicators: 'DOUBLE[]',
  start: 'BIGINT',
  open: 'DOUBLE',
  high: 'DOUBLE',
  low: 'DOUBLE',
  close: 'DOUBLE',
  volume: 'DOUBLE',
  trades: 'DOUBLE',
  vwap: 'DOUBLE',
  dayVolume: 'DOUBLE',
  code: 'VARCHAR',
  message: 'VARCHAR',
  reasonCode: 'VARCHAR',
  reasonMessage: 'VARCHAR',
  up: 'DOUBLE',
  down: 'DOUBLE',
  indicator: 'VARCHAR',
  pairedShares: 'DOUBLE',
  imbalanceShares: 'DOUBLE',
  side: 'VARCHAR',
  auction: 'VARCHAR',
  original: print,
  corrected: print,
  action: 'VARCHAR',
  bids: levels,
  asks: levels,
  reset: 'BOOLEAN',
  value: 'DOUBLE',
  headline: 'VARCHAR',
  summary: 'VARCHAR',
  author: 'VARCHAR',
  updatedAt: 'BIGINT',
  url: 'VARCHAR',
  content: 'VARCHAR',
  symbols: 'VARCHAR[]',
  source: 'VARCHAR',
};

/** Lists and structs cross from DuckDB as JSON text: few differ, so each is parsed once. */
export const isNested = (type: string): boolean => type.endsWith('[]') || type.startsWith('STRUCT');
