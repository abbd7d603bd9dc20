import type { Channel, Nanos } from '../../../market/event.ts';

/** The tables a tape can be read from. */
export const tables = ['websocket_data', 'market_data'] as const;
export type Table = (typeof tables)[number];

/** How long a bar of each timeframe lasts, and the channel it plays on. */
export const timeframes = {
  '1s': { channel: 'second-bar', span: 1_000_000_000n },
  '1m': { channel: 'bar', span: 60_000_000_000n },
  '1d': { channel: 'daily-bar', span: 86_400_000_000_000n },
} as const satisfies Record<string, { channel: Channel; span: Nanos }>;
export type Timeframe = keyof typeof timeframes;

/** Which rows are wanted. COPY takes no parameters, so everything in it is quoted into the text. */
export interface Wanted {
  readonly symbols: readonly string[] | undefined;
  readonly channels: readonly Channel[] | undefined;
  readonly from: Nanos | undefined;
  readonly to: Nanos | undefined;
  readonly dataSource: string | undefined;
  readonly timeframe: Timeframe;
}

/** The cells of an event row, in the order in which they are read and written. */
export const eventColumns = [
  'timestamp::timestamptz',
  'nanos::int2',
  'symbol::text',
  'market::text',
  'channel::text',
  'event_id::text',
  'sequence::int8',
  'exchange::text',
  'conditions::text[]',
  'tape::text',
  'price::float8',
  'size::float8',
  'bid_price::float8',
  'bid_size::float8',
  'bid_exchange::text',
  'ask_price::float8',
  'ask_size::float8',
  'ask_exchange::text',
  'indicators::int4[]',
  'participant_at::int8',
  'trf_id::int4',
  'trf_at::int8',
  'taker::text',
  'detail::jsonb',
] as const;

/** The cells of a bar row. Casts cost nothing on our own tables and make a seed's FLOAT or INTEGER columns readable. */
export const barColumns = [
  'timestamp::timestamptz',
  'symbol::text',
  'market::text',
  'open::float8',
  'high::float8',
  'low::float8',
  'close::float8',
  'volume::float8',
  'trade_count::float8',
  'vwap::float8',
  'delay_ns::int8',
  'detail::jsonb',
] as const;

/** The rows of a table, oldest first, always in the same order. */
export function rowsOf(table: Table, wanted: Wanted): string {
  return table === 'websocket_data'
    ? `SELECT ${quoted(eventColumns)} FROM websocket_data ${whereOf(table, wanted)} ORDER BY "timestamp", nanos, id`
    : `SELECT ${quoted(barColumns)} FROM market_data ${whereOf(table, wanted)} ORDER BY "timestamp", coalesce(delay_ns, 0), arrival, symbol, data_source, market`;
}

/** The condition that pushes a selection down to the database. */
export function whereOf(table: Table, wanted: Wanted): string {
  const { symbols, channels, from, to, dataSource, timeframe } = wanted;
  const conditions: string[] = [];
  if (symbols !== undefined) conditions.push(oneOf('symbol', symbols));
  if (dataSource !== undefined) conditions.push(`data_source = ${literal(dataSource)}`);
  if (table === 'market_data') {
    conditions.push(`timeframe = ${literal(timeframe)}`);
    // A bar plays when its bucket ends or less than another one later, so the bucket starts that much before the range.
    const { span } = timeframes[timeframe];
    if (from !== undefined) conditions.push(`"timestamp" > ${instantLiteral(from - span - span)}`);
    if (to !== undefined) conditions.push(`"timestamp" < ${instantLiteral(ceiling(to - span))}`);
  } else {
    if (channels !== undefined) conditions.push(oneOf('channel', channels));
    // The plain comparison is there for the planner: it cannot skip partitions by a comparison of rows.
    if (from !== undefined) {
      conditions.push(
        `"timestamp" >= ${instantLiteral(from)} AND ("timestamp", nanos) >= (${instantLiteral(from)}, ${rest(from)})`,
      );
    }
    if (to !== undefined) {
      conditions.push(
        `"timestamp" <= ${instantLiteral(to)} AND ("timestamp", nanos) < (${instantLiteral(to)}, ${rest(to)})`,
      );
    }
  }
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}

/** A column name of the lists above, without its cast. */
export const nameOf = (column: string): string => column.split('::')[0] ?? column;

const quoted = (columns: readonly string[]): string =>
  columns.map((column) => column.replace(nameOf(column), `"${nameOf(column)}"`)).join(', ');

/** A name as SQL, spelled exactly so. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as SQL, safe whatever it holds and whatever `standard_conforming_strings` says. */
export function literal(text: string): string {
  const escaped = text.replaceAll("'", "''");
  return escaped.includes('\\') ? `E'${escaped.replaceAll('\\', '\\\\')}'` : `'${escaped}'`;
}

function oneOf(column: string, values: readonly string[]): string {
  // A NUL cannot occur in a PostgreSQL text, so such a value matches nothing, and in a query it would end the text.
  const possible = values.filter((value) => !value.includes('\0'));
  return possible.length === 0 ? 'false' : `${column} IN (${possible.map(literal).join(', ')})`;
}

const thousand = 1000n;
const rest = (at: Nanos): Nanos => ((at % thousand) + thousand) % thousand;
const ceiling = (at: Nanos): Nanos => at + ((thousand - rest(at)) % thousand);

/**
 * Microseconds as a literal; the nanoseconds below are compared apart. Clamped to what PostgreSQL and Date both know. As `timestamp`
 * it is the same digits without a zone.
 */
export function instantLiteral(at: Nanos, type: 'timestamptz' | 'timestamp' = 'timestamptz'): string {
  const micros = (at - rest(at)) / thousand;
  const millis = Number((micros - (((micros % thousand) + thousand) % thousand)) / thousand);
  if (millis < -62_135_596_800_000) return `'-infinity'::${type}`;
  if (millis > 253_402_300_799_999) return `'infinity'::${type}`;
  const tail = String(((micros % thousand) + thousand) % thousand).padStart(3, '0');
  return `'${new Date(millis).toISOString().slice(0, -1)}${tail}${type === 'timestamp' ? '' : 'Z'}'::${type}`;
}
