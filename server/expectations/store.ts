import { z } from 'zod';
import type { Channel } from '../../market/event.ts';
import { databaseName, openSession, reason, type Session } from '../../migrations/session.ts';
import {
  expectationKind,
  keyOfCells,
  rowsSchema,
  shapeOf,
  tallyOf,
  usualFields,
  type Columns,
  type Finding,
  type RowShape,
} from './expectation.ts';

/** Rows that are read at a time. */
const page = 10_000;

/** Shows whether a client's database holds every row that it was owed, exactly once, whatever went wrong on the way. */
export const store = expectationKind({
  options: z
    .strictObject({
      url: z
        .string()
        .regex(/^postgres(?:ql)?:\/\//, 'not a PostgreSQL URL; use postgres://user@host:5432/database')
        .meta({
          title: 'URL',
          description: 'The database that the client writes to.',
          examples: ['postgres://bot@127.0.0.1/market'],
        }),
      table: z
        .string()
        .regex(/^[^."]+(?:\.[^."]+)?$/, 'not a table; use its name, or schema.name')
        .optional()
        .meta({
          title: 'Table',
          description: 'Where the rows lie; the table of `papertape db migrate` for that channel when absent.',
          examples: ['trades', 'public.trades'],
        }),
      dataSource: z
        .string()
        .min(1)
        .optional()
        .meta({ title: 'Data source', description: 'Only rows whose `data_source` is this.', examples: ['alpaca'] }),
      ...rowsSchema,
    })
    .refine(({ table, columns }) => table === undefined || columns !== undefined, {
      path: ['columns'],
      error: 'unknown for a table of your own; say which column holds what',
    })
    .meta({
      title: 'Store',
      description: 'The rows of a PostgreSQL table equal those that the client was owed.',
      examples: [
        { url: 'postgres://bot@127.0.0.1/market', dataSource: 'alpaca' },
        {
          url: 'postgres://bot@127.0.0.1/market',
          table: 'trades',
          columns: { symbol: 'ticker', at: 'ts', price: 'price', size: 'size' },
        },
      ],
    }),
  explain: ({ url, table, channel, exactlyOnce }) =>
    `${table ?? ownTable(channel)} of ${databaseName(url)} holds every ${channel} that the client was owed, ${exactlyOnce ? 'exactly once' : 'at least once'}`,
  open: (options, { signal }) => {
    const { url, channel, dataSource, exactlyOnce } = options;
    const table = options.table ?? ownTable(channel);
    const shape = shapeOf(options, ownColumns(channel));
    const own = options.table === undefined && ownTable(channel) === 'websocket_data' ? { channel } : {};
    const where = { ...own, ...(dataSource === undefined ? {} : { data_source: dataSource }), ...options.where };
    const once = exactlyOnce ? 'exactly once' : 'at least once';
    return {
      hear: () => undefined,
      async find(_now, ledger): Promise<Finding> {
        if (ledger === undefined) {
          return { outcome: 'open', expected: `every row ${once}`, seen: 'is read when the run is over', lines: [] };
        }
        const tally = await tallyOf(ledger, shape, signal);
        const expected = `${tally.expected} in ${table} of ${databaseName(url)}, ${once}`;
        try {
          await using session = await openSession(url);
          for await (const row of rowsOf(session, selectOf(table, shape, where), signal)) {
            tally.take(keyOfCells((name) => row[name], shape));
          }
        } catch (error) {
          signal.throwIfAborted();
          return { outcome: 'unmet', expected, seen: `${table} cannot be compared: ${reason(error)}`, lines: [] };
        }
        return { expected, ...tally.difference(exactlyOnce), lines: [] };
      },
    };
  },
});

const ownTable = (channel: Channel): string => (channel === 'bar' ? 'market_data' : 'websocket_data');

/** Columns of the tables that `papertape db migrate` makes. */
function ownColumns(channel: Channel): Columns {
  const names: Columns = { start: 'timestamp', at: 'timestamp', id: 'event_id', trades: 'trade_count' };
  const snake = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const columns = Object.fromEntries(usualFields(channel).map((field) => [field, names[field] ?? snake(field)]));
  return channel === 'bar' ? columns : { ...columns, nanos: 'nanos' };
}

/** Every column as text: the driver would round times to milliseconds and large numbers to doubles. */
function selectOf(
  table: string,
  { columns, nanos }: RowShape,
  where: Readonly<Record<string, string | number | boolean>>,
): string {
  const names = [...new Set([...columns.map(([, name]) => name), ...(nanos === undefined ? [] : [nanos])])];
  const wanted = names.map((name) => `${quoted(name)}::text AS ${quoted(name)}`).join(', ');
  const only = Object.entries(where).map(([name, value]) => `${quoted(name)}::text = ${literal(String(value))}`);
  return `SELECT ${wanted} FROM ${table.split('.').map(quoted).join('.')}${only.length === 0 ? '' : ` WHERE ${only.join(' AND ')}`}`;
}

/** A page at a time, so that a large table does not fill the memory. */
async function* rowsOf(session: Session, select: string, signal: AbortSignal): AsyncGenerator<Record<string, unknown>> {
  await session.run("SET timezone = 'UTC'; SET datestyle = 'ISO'; SET extra_float_digits = 1");
  await session.run('BEGIN READ ONLY');
  await session.run(`DECLARE kept NO SCROLL CURSOR FOR ${select}`);
  for (;;) {
    signal.throwIfAborted();
    const rows = await session.run(`FETCH ${page} FROM kept`);
    yield* rows;
    if (rows.length < page) return;
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
// Backslashes are plain in a standard string; a NUL byte cannot be in one.
const literal = (text: string): string => `'${text.replaceAll("'", "''").replaceAll('\0', '')}'`;
