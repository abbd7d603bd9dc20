import type { BarKind, Nanos } from '../../../market/event.ts';
import { day, minute, second } from '../../../market/nanos.ts';

export const tableNames = ['websocket_data', 'market_data', 'realtime_market_data'] as const;
export type TableName = (typeof tableNames)[number];

/** What the cells of a row are. */
export type CellType = 'timestamptz' | 'int2' | 'int4' | 'int8' | 'float8' | 'text' | 'jsonb' | 'text[]' | 'int4[]';

/** The cells of a table's rows in the order in which they are written; the time is the first. */
export const layouts: Record<TableName, readonly (readonly [column: string, type: CellType])[]> = {
  websocket_data: [
    ['timestamp', 'timestamptz'],
    ['nanos', 'int2'],
    ['symbol', 'text'],
    ['market', 'text'],
    ['channel', 'text'],
    ['data_source', 'text'],
    ['event_key', 'text'],
    ['ordinal', 'int4'],
    ['event_id', 'text'],
    ['sequence', 'int8'],
    ['exchange', 'text'],
    ['conditions', 'text[]'],
    ['tape', 'text'],
    ['price', 'float8'],
    ['size', 'float8'],
    ['bid_price', 'float8'],
    ['bid_size', 'float8'],
    ['bid_exchange', 'text'],
    ['ask_price', 'float8'],
    ['ask_size', 'float8'],
    ['ask_exchange', 'text'],
    ['indicators', 'int4[]'],
    ['participant_at', 'int8'],
    ['trf_id', 'int4'],
    ['trf_at', 'int8'],
    ['taker', 'text'],
    ['detail', 'jsonb'],
  ],
  market_data: [
    ['timestamp', 'timestamptz'],
    ['symbol', 'text'],
    ['market', 'text'],
    ['timeframe', 'text'],
    ['data_source', 'text'],
    ['open', 'float8'],
    ['high', 'float8'],
    ['low', 'float8'],
    ['close', 'float8'],
    ['volume', 'float8'],
    ['trade_count', 'int8'],
    ['vwap', 'float8'],
    ['delay_ns', 'int8'],
    ['detail', 'jsonb'],
    ['arrival', 'int8'],
  ],
  realtime_market_data: [
    ['timestamp', 'timestamptz'],
    ['nanos', 'int2'],
    ['symbol', 'text'],
    ['market', 'text'],
    ['data_source', 'text'],
    ['ordinal', 'int4'],
    ['bid', 'float8'],
    ['ask', 'float8'],
    ['last', 'float8'],
    ['volume', 'float8'],
  ],
};

/** As which bars of a kind are stored, and how long their bucket is. */
export const timeframes: Record<BarKind, { readonly name: string; readonly span: Nanos }> = {
  'second-bar': { name: '1s', span: second },
  bar: { name: '1m', span: minute },
  'updated-bar': { name: '1m', span: minute },
  'daily-bar': { name: '1d', span: day },
};

const barIdentity = ['symbol', 'timeframe', 'timestamp', 'data_source', 'market'];

/** The statements that store rows of a table. */
export interface Statements {
  /** COPY straight into the table; refused as a whole when one row is there already. */
  readonly direct: string;
  readonly createStaging: string;
  readonly stage: string;
  /** Moves from staging what is not there yet, or what is there in an older version. */
  readonly settle: string;
}

export const statements: Record<TableName, Statements> = {
  websocket_data: statementsOf('websocket_data', ''),
  market_data: statementsOf('market_data', 'newer bars'),
  realtime_market_data: statementsOf('realtime_market_data', ''),
};

function statementsOf(table: TableName, replaces: '' | 'newer bars'): Statements {
  const columns = layouts[table].map(([column]) => `"${column}"`);
  const list = columns.join(', ');
  const staging = `papertape_staged_${table}`;
  const identity = barIdentity.map((column) => `"${column}"`).join(', ');
  const said = columns.filter((column) => !identity.includes(column));
  return {
    direct: `COPY ${table} (${list}) FROM `,
    createStaging: `CREATE TEMP TABLE IF NOT EXISTS ${staging} ON COMMIT DELETE ROWS AS SELECT ${list} FROM ${table} WITH NO DATA`,
    stage: `COPY ${staging} (${list}) FROM `,
    settle:
      replaces === ''
        ? `INSERT INTO ${table} (${list}) SELECT ${list} FROM ${staging} ON CONFLICT DO NOTHING`
        : `INSERT INTO ${table} AS held (${list})
           SELECT DISTINCT ON (${identity}) ${list} FROM ${staging} ORDER BY ${identity}, arrival DESC
           ON CONFLICT (${identity}) DO UPDATE SET ${said.map((column) => `${column} = excluded.${column}`).join(', ')}
           WHERE coalesce(held.arrival, 0) < excluded.arrival`,
  };
}
