import { databaseName } from '../../../migrations/session.ts';
import type { Page, Selection, Source, Survey } from '../source.ts';
import { ask, type Place } from './connection.ts';
import { mergePages, ownReading, pagesOf } from './read.ts';
import { tables, timeframes, type Table, type Timeframe, type Wanted } from './sql.ts';
import { holdingsOf, tablesWithRows } from './survey.ts';

/** Which rows of our own tables a scenario plays. */
export interface OwnRows {
  readonly table?: Table | 'both' | undefined;
  readonly symbols?: readonly string[] | undefined;
  readonly dataSource?: string | undefined;
  readonly timeframe: Timeframe;
}

/** A tape in the tables that `papertape db migrate` makes. */
export class OwnTape implements Source {
  readonly name: string;
  readonly #place: Place;
  readonly #rows: OwnRows;

  constructor(place: Place, rows: OwnRows) {
    this.#place = place;
    this.#rows = rows;
    this.name = `postgres ${databaseName(place.url)}`;
  }

  async survey(signal: AbortSignal): Promise<Survey> {
    const wanted = this.#wanted({});
    return await ask(this.#place, signal, async (client) => {
      const holdings = [];
      for (const table of await tablesWithRows(client, this.#asked, wanted)) {
        holdings.push(...(await holdingsOf(client, table, wanted)));
      }
      return { holdings };
    });
  }

  async *pages(selection: Selection, signal: AbortSignal): AsyncGenerator<Page> {
    const wanted = this.#wanted(selection);
    const read = (table: Table): AsyncGenerator<Page> => pagesOf(this.#place, ownReading(table, wanted), signal);
    const filled = await this.#filled(wanted, signal);
    const [first, second] = filled.filter((table) => table === 'websocket_data' || this.#plays(selection));
    if (first !== undefined) yield* second === undefined ? read(first) : mergePages(read(first), read(second));
  }

  async #filled(wanted: Wanted, signal: AbortSignal): Promise<readonly Table[]> {
    const [only, ...more] = this.#asked;
    // A table named alone is simply read; it tells by itself when it is missing.
    if (signal.aborted || (only !== undefined && more.length === 0)) return signal.aborted ? [] : this.#asked;
    try {
      return await ask(this.#place, signal, async (client) => await tablesWithRows(client, this.#asked, wanted));
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    }
  }

  get #asked(): readonly Table[] {
    const { table } = this.#rows;
    return table === undefined || table === 'both' ? tables : [table];
  }

  #plays({ channels }: Selection): boolean {
    return channels === undefined || channels.includes(timeframes[this.#rows.timeframe].channel);
  }

  #wanted({ symbols, channels, from, to }: Selection): Wanted {
    const { symbols: own, dataSource, timeframe } = this.#rows;
    const both =
      own !== undefined && symbols !== undefined ? own.filter((symbol) => symbols.includes(symbol)) : undefined;
    return { symbols: both ?? own ?? symbols, channels, from, to, dataSource, timeframe };
  }

  // Each reading has a connection of its own and ends it; nothing stays open between readings.
  async [Symbol.asyncDispose](): Promise<void> {}
}
