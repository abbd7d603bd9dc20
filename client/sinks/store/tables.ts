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

/** What identifies a row, in the order of the table's unique index. */
const identities: Record<TableName, readonly string[]> = {
  websocket_data: ['symbol', 'timestamp', 'nanos', 'channel', 'event_key', 'ordinal', 'data_source', 'market'],
  market_data: ['symbol', 'timeframe', 'timestamp', 'data_source', 'market'],
  realtime_market_data: ['symbol', 'timestamp', 'nanos', 'ordinal', 'data_source', 'market'],
};

/** The statements that store rows of a table. */
export interface Statements {
  /** COPY straight into the table; refused as a whole when one row is there already. */
  readonly direct: string;
  readonly createStaging: string;
  readonly stage: string;
  /**
   * Moves from staging what is not there yet. Half as long as ON CONFLICT takes, but refused as a whole when a row is staged twice, or when
   * somebody else stores it meanwhile. One look into the index a row, whatever the planner thinks of the tables' sizes.
   */
  readonly settle: string;
  /** Moves from staging what is not there yet, or there in an older version, whoever else is at it. */
  readonly settleCarefully: string;
}

const listOf = (table: TableName): string => layouts[table].map(([column]) => `"${column}"`).join(', ');
const stagingOf = (table: TableName): string => `papertape_staged_${table}`;

export const statements: Record<TableName, Statements> = {
  websocket_data: statementsOf('websocket_data'),
  market_data: { ...statementsOf('market_data'), ...replacing('market_data') },
  realtime_market_data: statementsOf('realtime_market_data'),
};

function statementsOf(table: TableName): Statements {
  const list = listOf(table);
  const staging = stagingOf(table);
  const same = identities[table].map((column) => `held."${column}" = staged."${column}"`).join(' AND ');
  const move = `INSERT INTO ${table} (${list}) SELECT ${list} FROM ${staging} AS staged`;
  return {
    direct: `COPY ${table} (${list}) FROM `,
    createStaging: `CREATE TEMP TABLE IF NOT EXISTS ${staging} ON COMMIT DELETE ROWS AS SELECT ${list} FROM ${table} WITH NO DATA`,
    stage: `COPY ${staging} (${list}) FROM `,
    settle: `${move} WHERE (SELECT 1 FROM ${table} AS held WHERE ${same} LIMIT 1) IS NULL`,
    settleCarefully: `${move} ON CONFLICT DO NOTHING`,
  };
}

/** Of rows with the same identity the one that arrived last stands. */
function replacing(table: TableName): Pick<Statements, 'settle' | 'settleCarefully'> {
  const list = listOf(table);
  const identity = identities[table].map((column) => `"${column}"`).join(', ');
  const said = layouts[table].map(([column]) => column).filter((column) => !identities[table].includes(column));
  const settle = `INSERT INTO ${table} AS held (${list})
    SELECT DISTINCT ON (${identity}) ${list} FROM ${stagingOf(table)} ORDER BY ${identity}, arrival DESC
    ON CONFLICT (${identity}) DO UPDATE SET ${said.map((column) => `"${column}" = excluded."${column}"`).join(', ')}
    WHERE coalesce(held.arrival, 0) < excluded.arrival`;
  return { settle, settleCarefully: settle };
}
