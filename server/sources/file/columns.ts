import type { MarketEvent } from '../../../market/event.ts';

type FieldOf<Event> = Event extends unknown ? keyof Event : never;
/** Who publishes an event is decided as it is played. */
type Field = Exclude<FieldOf<MarketEvent>, 'publisher'>;

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
  receivedAt: 'BIGINT',
  correction: 'DOUBLE',
  reportSequence: 'DOUBLE',
  session: 'VARCHAR',
  bidAt: 'BIGINT',
  askAt: 'BIGINT',
  dayOpen: 'DOUBLE',
  dayVwap: 'DOUBLE',
  averageSize: 'DOUBLE',
  turnover: 'DOUBLE',
  otc: 'BOOLEAN',
  auctionTime: 'VARCHAR',
  mic: 'VARCHAR',
  currency: 'VARCHAR',
  baseCurrency: 'VARCHAR',
  quoteCurrency: 'VARCHAR',
  instrument: 'VARCHAR',
  indexPrice: 'DOUBLE',
  markPrice: 'DOUBLE',
  fundingRate: 'DOUBLE',
  openInterest: 'DOUBLE',
  fundingAt: 'BIGINT',
  createdAt: 'BIGINT',
};

/** What every event has; other columns may be missing, as those are that came after the tape was written. */
export const indispensable: readonly string[] = ['at', 'kind', 'market', 'symbol'];

/** Lists and structs cross from DuckDB as JSON text: few differ, so each is parsed once. */
export const isNested = (type: string): boolean => type.endsWith('[]') || type.startsWith('STRUCT');

/** The number of every field, in the order of the columns: a number finds its column sooner than a name. */
export const field = numbered(columns);
/** The names of the fields by their numbers. */
export const fieldNames: readonly string[] = Object.keys(columns);

function numbered<Name extends string>(names: Readonly<Record<Name, string>>): Readonly<Record<Name, number>>;
function numbered(names: Readonly<Record<string, string>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.keys(names).map((name, number) => [name, number]));
}
