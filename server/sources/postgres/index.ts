import { z } from 'zod';
import { databaseName } from '../../../migrations/session.ts';
import { sourceKind, TapeError, type Source } from '../source.ts';
import { mappingSchema, type Mapping } from './foreign/mapping.ts';
import { presetList, presets } from './foreign/presets.ts';
import { timeZone } from './foreign/time-zone-name.ts';
import { tables } from './sql.ts';

const presetNames = z.enum(presetList);

const options = z
  .strictObject({
    url: z
      .string()
      .min(1)
      .meta({
        title: 'URL',
        description: 'Connection string of the database.',
        examples: ['${DATABASE_URL}', 'postgres://me@localhost/market'],
      }),
    replica: z
      .string()
      .min(1)
      .optional()
      .meta({
        title: 'Replica',
        description: 'Connection string of a read replica; read instead of the database while it answers.',
        examples: ['${REPLICA_URL}'],
      }),
    table: z
      .enum([...tables, 'both'])
      .optional()
      .meta({
        title: 'Table',
        description:
          'market_data holds bars, websocket_data trades, quotes and all else. Whichever have rows when absent.',
      }),
    tables: z
      .union([presetNames, z.array(mappingSchema).min(1)])
      .optional()
      .meta({
        title: 'Tables',
        description:
          'Tables of another system, merged in time order: how each is read, or the name of a ready mapping.',
        examples: [[{ table: 'bars', columns: { at: 'datetime' }, timeZone: 'America/New_York' }], 'prefect-trading'],
      }),
    timeZone: timeZone.optional().meta({
      title: 'Time zone',
      description: 'Of all tables whose times have no zone, unless a table has its own.',
      examples: ['America/New_York'],
    }),
    symbols: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .meta({ title: 'Symbols', description: 'Only these symbols.', examples: [['AAPL', 'SPY']] }),
    dataSource: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'Data source', description: 'Only rows of this data_source.', examples: ['alpaca'] }),
    timeframe: z
      .enum(['1s', '1m', '1d'])
      .optional()
      .meta({ title: 'Timeframe', description: 'Which bars of market_data to play; 1m when absent.' }),
  })
  .superRefine(({ tables: mapped, table, dataSource, timeframe, timeZone: zone }, context) => {
    const misplaced = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (mapped === undefined) {
      if (zone !== undefined) misplaced('timeZone', "belongs to tables; Papertape's own hold instants, so remove it");
      return;
    }
    const own = "belongs to Papertape's own tables";
    if (table !== undefined) misplaced('table', `${own}; remove it beside tables`);
    if (dataSource !== undefined) misplaced('dataSource', `${own}; use where: { data_source: … } in the table`);
    if (timeframe !== undefined) misplaced('timeframe', `${own}; use timeframe in the table`);
  })
  .meta({
    title: 'PostgreSQL tape',
    description:
      "Plays rows that a client or `papertape` stored in PostgreSQL or TimescaleDB, or another system's tables.",
    examples: [{ url: 'postgres://reader:secret@localhost:5432/market', symbols: ['AAPL'] }],
  });
type Options = z.output<typeof options>;

/** A tape in PostgreSQL or TimescaleDB, streamed by binary COPY and never written to. */
export const postgres = sourceKind({
  options,
  explain: (chosen) => {
    const { url, replica, table, symbols, dataSource, timeframe = '1m' } = chosen;
    const mapped = mappingsOf(chosen)?.map((one) => `${one.table} as ${one.kind}s`);
    const own = table === undefined ? 'whichever of websocket_data and market_data has some' : table;
    return [
      `the rows of ${mapped?.join(' and ') ?? (table === 'both' ? tables.join(' and ') : own)}`,
      ` in ${databaseName(url)}`,
      replica === undefined ? '' : `, read from ${databaseName(replica)}`,
      mapped !== undefined || table === 'websocket_data' ? '' : `, bars of ${timeframe}`,
      symbols === undefined ? '' : `, only ${symbols.join(', ')}`,
      dataSource === undefined ? '' : `, only what ${dataSource} said`,
    ].join('');
  },
  open: (chosen, { warn }) => {
    const { url, replica, symbols, table, dataSource, timeframe = '1m' } = chosen;
    for (const [name, given] of Object.entries({ url, replica })) {
      if (given === undefined || URL.canParse(given)) continue;
      throw new TapeError(
        `The ${name} of a postgres tape is no URL; expected postgres://user:password@host:5432/database or \${DATABASE_URL} with that variable set`,
      );
    }
    const place = { url, replica, warn };
    const mappings = mappingsOf(chosen);
    return whenRead(`postgres ${databaseName(url)}`, async () => {
      if (mappings === undefined) {
        const { OwnTape } = await import('./own-tape.ts');
        return new OwnTape(place, { table, symbols, dataSource, timeframe });
      }
      const { ForeignTape } = await import('./foreign/foreign-tape.ts');
      return new ForeignTape(place, mappings, symbols);
    });
  },
});

function mappingsOf({ tables: mapped, timeZone: zone }: Options): Mapping[] | undefined {
  if (mapped === undefined) return undefined;
  const mappings = typeof mapped === 'string' ? presets[mapped].map((one) => mappingSchema.parse(one)) : mapped;
  // The zone said for all is for those that say none; said beside a ready mapping it corrects that one's guess.
  return mappings.map((one) => ({
    ...one,
    timeZone: typeof mapped === 'string' ? (zone ?? one.timeZone) : (one.timeZone ?? zone),
  }));
}

/** A tape whose reader is loaded with the first reading: a server without such a tape starts sooner. */
function whenRead(name: string, load: () => Promise<Source>): Source {
  let tape: Promise<Source> | undefined;
  const loaded = (): Promise<Source> => (tape ??= load());
  return {
    name,
    survey: async (signal) => await (await loaded()).survey(signal),
    async *pages(selection, signal) {
      yield* (await loaded()).pages(selection, signal);
    },
    [Symbol.asyncDispose]: async () => await (await tape)?.[Symbol.asyncDispose](),
  };
}
