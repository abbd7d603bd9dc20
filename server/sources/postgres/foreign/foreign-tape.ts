import type { Client } from 'pg';
import { databaseName } from '../../../../migrations/session.ts';
import type { Holding, Page, Selection, Source, Survey } from '../../source.ts';
import { ask, type Place } from '../connection.ts';
import { mergePages, pagesOf } from '../read.ts';
import { bind, type BoundTable } from './bound-table.ts';
import type { Mapping } from './mapping.ts';
import { mostBranches, symbolsQuery } from './query.ts';
import { readingOf } from './reading.ts';
import { relationOf } from './relation.ts';
import { surveyOf } from './survey.ts';

/** Tables of another system, merged in time order and never written to. */
export class ForeignTape implements Source {
  readonly name: string;
  readonly #place: Place;
  readonly #mappings: readonly Mapping[];
  readonly #symbols: readonly string[] | undefined;
  readonly #warned = new Set<string>();

  constructor(place: Place, mappings: readonly Mapping[], symbols: readonly string[] | undefined) {
    this.name = `postgres ${databaseName(place.url)}`;
    this.#place = place;
    this.#mappings = mappings;
    this.#symbols = symbols;
  }

  async survey(signal: AbortSignal): Promise<Survey> {
    return await ask(this.#place, signal, async (client) => {
      const holdings: Holding[] = [];
      for (const table of await this.#tables(client)) {
        if (!plays(table, { symbols: this.#symbols })) continue;
        const { holdings: held, bad } = await surveyOf(client, table, this.#symbols);
        holdings.push(...held);
        if (bad !== undefined) this.#warn(`${bad}; they are left out`);
      }
      return { holdings };
    });
  }

  async *pages(selection: Selection, signal: AbortSignal): AsyncGenerator<Page> {
    const wanted = { ...selection, symbols: common(this.#symbols, selection.symbols) };
    let readings: AsyncGenerator<Page>[];
    try {
      readings = await ask(this.#place, signal, async (client) => {
        const tables = (await this.#tables(client)).filter((table) => plays(table, wanted));
        const opened = [];
        for (const table of tables) opened.push(await this.#open(client, table, wanted, signal));
        return opened;
      });
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    const [first, ...others] = readings;
    if (first !== undefined) yield* others.reduce(mergePages, first);
  }

  async #open(
    client: Client,
    table: BoundTable,
    selection: Selection,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<Page>> {
    const { byTime, bySymbol } = table.index;
    const listed = !byTime && bySymbol && selection.symbols === undefined;
    const symbols = listed ? await symbolsOf(client, table) : selection.symbols;
    // With an index that gives the rows in order, a sort would only read the whole table before the first row.
    const ordered = byTime || (bySymbol && symbols !== undefined && symbols.length <= mostBranches);
    const plan = ordered ? ['enable_sort = off'] : [];
    return pagesOf(this.#place, readingOf(table, { ...selection, symbols }), signal, plan);
  }

  async #tables(client: Client): Promise<BoundTable[]> {
    const tables = [];
    for (const mapping of this.#mappings) tables.push(bind(mapping, await relationOf(client, mapping.table)));
    return tables;
  }

  /** Once per tape, however often it is surveyed. */
  #warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#place.warn?.(`${this.name}: ${message}`);
  }

  // Each reading has a connection of its own and ends it; nothing stays open between readings.
  async [Symbol.asyncDispose](): Promise<void> {}
}

async function symbolsOf(client: Client, table: BoundTable): Promise<string[] | undefined> {
  const { rows } = await client.query<{ symbol: string }>(symbolsQuery(table));
  return rows.length > mostBranches ? undefined : rows.map(({ symbol }) => symbol);
}

function plays({ mapping, symbol }: BoundTable, { symbols, channels }: Selection): boolean {
  return (
    (channels === undefined || channels.includes(mapping.kind)) &&
    (symbols === undefined || symbol !== undefined || symbols.includes(mapping.symbol ?? ''))
  );
}

function common(
  own: readonly string[] | undefined,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  return own === undefined || asked === undefined ? (own ?? asked) : own.filter((symbol) => asked.includes(symbol));
}
