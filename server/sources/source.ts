import type { z } from 'zod';
import type { Channel, Market, MarketEvent, Nanos } from '../../market/event.ts';

/** A run of events in time order (`at` never decreases), small enough to hold in memory. */
export type Page = readonly MarketEvent[];

/** Events per page. Pages, not single events, cross async boundaries: twelve times faster. */
export const pageSize = 256;

/** Which part of a tape to read. Readers push it down to the file or the database. */
export interface Selection {
  /** Only these symbols; all when absent. */
  readonly symbols?: readonly string[] | undefined;
  /** Only these kinds; all when absent. */
  readonly channels?: readonly Channel[] | undefined;
  /** First instant wanted, inclusive. */
  readonly from?: Nanos | undefined;
  /** First instant no longer wanted, exclusive. */
  readonly to?: Nanos | undefined;
}

/** What a tape holds of one symbol and kind. */
export interface Holding {
  readonly symbol: string;
  readonly market: Market;
  readonly channel: Channel;
  readonly events: number;
  readonly from: Nanos;
  /** Instant of the last event, inclusive. */
  readonly to: Nanos;
}

/** A holding as far as a run has to know it. */
export type Outline = Omit<Holding, 'events'>;

/** What a tape holds, for validation before it plays and for `papertape tape info`. Empty when the tape is empty. */
export interface Survey {
  readonly holdings: readonly Holding[];
}

/** Reads pages of one tape. Nothing reads a whole tape into memory. */
export interface Source extends AsyncDisposable {
  /** How an error or an explanation calls it: `file fixtures/day.ndjson.gz`. */
  readonly name: string;
  survey(signal: AbortSignal): Promise<Survey>;
  /**
   * The same without counting, for tapes whose counting takes long; the survey serves when it is absent. Bounds may be wider than the
   * first and the last event, never narrower.
   */
  outline?(signal: AbortSignal): Promise<readonly Outline[]>;
  /** Pages oldest first. May be called many times; each call reads anew. Ends early, without error, on abort. */
  pages(selection: Selection, signal: AbortSignal): AsyncIterable<Page>;
}

/** What has to be told of a file of another format before its rows can be read; a file that tells it all itself needs none of it. */
export interface Reading {
  /** Name of the format, where the file does not show it. */
  readonly format?: string | undefined;
  /** Market of symbols that do not show it. */
  readonly market?: Market | undefined;
  /** Symbol of the rows when the file has none. */
  readonly symbol?: string | undefined;
  /** Bars in CSV: which column holds what. */
  readonly map?: Readonly<Partial<Record<BarColumn, string | undefined>>> | undefined;
  /** Zone of times that are written without one. */
  readonly timeZone?: string | undefined;
  /** How times are written, as strptime spells it. */
  readonly timeFormat?: string | undefined;
  /** Which end of a bar its time tells; the start when left out. */
  readonly barLabel?: 'start' | 'end' | undefined;
  /** Length of the bars, such as `1m`. */
  readonly timeframe?: string | undefined;
}
/** What a table of bars may hold; `date` is for tables that keep the date apart from the time. */
export type BarColumn = 'time' | 'date' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'symbol' | 'trades' | 'vwap';

/** What a source may need from its surroundings. */
export interface Surroundings {
  /** Directory against which relative paths of the scenario are resolved. */
  readonly directory: string;
  /** The scenario's seed, for sources that invent. */
  readonly seed: number;
  /** Hears what the user should know although it stops nothing: rows left out, a replica that does not answer. */
  readonly warn?: ((message: string) => void) | undefined;
  /**
   * Makes a tape of a file of another format and tells where it lies. Long work. Throws a `TapeError` when the file cannot be read, the
   * signal's reason on abort.
   */
  readonly adopt?: ((path: string, reading: Reading, signal: AbortSignal) => Promise<string>) | undefined;
}

/** How a scenario names a source (`tapes: [{ <name>: options }]`) and how it is opened. */
export interface SourceKind<Options extends z.ZodType = z.ZodType> {
  readonly options: Options;
  /** One sentence for `papertape explain`. */
  explain(options: z.output<Options>): string;
  /** Throws a `TapeError` when the tape cannot be opened. Does no long work. */
  open(options: z.output<Options>, surroundings: Surroundings): Source;
}
/** Lets a source's file write its options once; `open` gets their type. */
export const sourceKind = <Options extends z.ZodType>(kind: SourceKind<Options>): SourceKind<Options> => kind;

/** A tape that is missing, unreadable or broken. The message says where, what was found, and the way out. */
export class TapeError extends Error {
  override readonly name = 'TapeError';
}

/** Is this event part of the selection? For readers that cannot push everything down. */
export function selects(selection: Selection): (event: MarketEvent) => boolean {
  const symbols = selection.symbols && new Set(selection.symbols);
  const channels = selection.channels && new Set(selection.channels);
  const { from, to } = selection;
  return (event) =>
    (from === undefined || event.at >= from) &&
    (to === undefined || event.at < to) &&
    (symbols === undefined || symbols.has(event.symbol)) &&
    (channels === undefined || channels.has(event.kind));
}
