import { z } from 'zod';
import { databaseName } from '../../../migrations/session.ts';
import { sourceKind, TapeError, type Page, type Selection, type Source } from '../source.ts';
import { connect, tapeError } from './connection.ts';
import { mergePages, readTable } from './read.ts';
import { tables, timeframes, type Table, type Wanted } from './sql.ts';
import { holdingsOf, tablesWithRows } from './survey.ts';

export { writeTape, type Written } from './write.ts';

const options = z
  .strictObject({
    url: z
      .string()
      .min(1)
      .meta({
        description: 'Connection string of the database.',
        examples: ['${DATABASE_URL}', 'postgres://me@localhost/market'],
      }),
    table: z
      .enum([...tables, 'both'])
      .optional()
      .meta({
        description:
          'market_data holds bars, websocket_data trades, quotes and all else. Whichever have rows when absent.',
      }),
    symbols: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .meta({ description: 'Only these symbols.', examples: [['AAPL', 'SPY']] }),
    dataSource: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Only rows of this data_source.', examples: ['alpaca'] }),
    timeframe: z.enum(['1s', '1m', '1d']).default('1m').meta({ description: 'Which bars of market_data to play.' }),
  })
  .meta({
    title: 'PostgreSQL tape',
    description: 'Plays rows that a client or `papertape` stored in PostgreSQL or TimescaleDB.',
  });
type Options = z.output<typeof options>;

/** A tape in PostgreSQL or TimescaleDB, streamed by binary COPY and never written to. */
export const postgres = sourceKind({
  options,
  explain: ({ url, table, symbols, dataSource, timeframe }) =>
    [
      `the rows of ${table === undefined ? 'whichever of websocket_data and market_data has some' : table === 'both' ? tables.join(' and ') : table}`,
      ` in ${databaseName(url)}`,
      table === 'websocket_data' ? '' : `, bars of ${timeframe}`,
      symbols === undefined ? '' : `, only ${symbols.join(', ')}`,
      dataSource === undefined ? '' : `, only what ${dataSource} said`,
    ].join(''),
  open: (chosen) => new PostgresTape(chosen),
});

class PostgresTape implements Source {
  readonly name: string;
  readonly #options: Options;

  constructor(chosen: Options) {
    this.#options = chosen;
    if (!URL.canParse(chosen.url)) {
      throw new TapeError(
        'The url of a postgres tape is no URL; expected postgres://user:password@host:5432/database or ${DATABASE_URL} with that variable set',
      );
    }
    this.name = `postgres ${databaseName(chosen.url)}`;
  }

  async survey(signal: AbortSignal): Promise<{ holdings: Awaited<ReturnType<typeof holdingsOf>> }> {
    signal.throwIfAborted();
    const { url } = this.#options;
    try {
      using connection = await connect(url, 'read-only');
      const leave = (): void => connection[Symbol.dispose]();
      signal.addEventListener('abort', leave, { once: true });
      try {
        const wanted = this.#wanted({});
        const holdings = [];
        for (const table of await tablesWithRows(connection.client, this.#asked, wanted)) {
          holdings.push(...(await holdingsOf(connection.client, table, wanted)));
        }
        return { holdings };
      } finally {
        signal.removeEventListener('abort', leave);
      }
    } catch (error) {
      signal.throwIfAborted();
      throw tapeError(error, url);
    }
  }

  async *pages(selection: Selection, signal: AbortSignal): AsyncGenerator<Page> {
    const { url } = this.#options;
    const wanted = this.#wanted(selection);
    const read = (table: Table): AsyncGenerator<Page> => readTable(url, table, wanted, signal);
    const filled = await this.#filled(wanted, signal);
    const [first, second] = filled.filter((table) => table === 'websocket_data' || this.#plays(selection));
    if (first !== undefined) yield* second === undefined ? read(first) : mergePages(read(first), read(second));
  }

  async #filled(wanted: Wanted, signal: AbortSignal): Promise<readonly Table[]> {
    const [only, ...more] = this.#asked;
    // A table named alone is simply read; it tells by itself when it is missing.
    if (signal.aborted || (only !== undefined && more.length === 0)) return signal.aborted ? [] : this.#asked;
    try {
      using connection = await connect(this.#options.url, 'read-only');
      return await tablesWithRows(connection.client, this.#asked, wanted);
    } catch (error) {
      if (signal.aborted) return [];
      throw tapeError(error, this.#options.url);
    }
  }

  get #asked(): readonly Table[] {
    const { table } = this.#options;
    return table === undefined || table === 'both' ? tables : [table];
  }

  #plays({ channels }: Selection): boolean {
    return channels === undefined || channels.includes(timeframes[this.#options.timeframe].channel);
  }

  #wanted({ symbols, channels, from, to }: Selection): Wanted {
    const { symbols: own, dataSource, timeframe } = this.#options;
    const both =
      own !== undefined && symbols !== undefined ? own.filter((symbol) => symbols.includes(symbol)) : undefined;
    return { symbols: both ?? own ?? symbols, channels, from, to, dataSource, timeframe };
  }

  // Each reading has a connection of its own and ends it; nothing stays open between readings.
  async [Symbol.asyncDispose](): Promise<void> {}
}
