import type { Channel, Market, Nanos } from '../../market/event.ts';
import type { Page, Source } from '../sources/source.ts';
import { type Availability, measureAvailability } from './availability.ts';
import { isoOf } from './instant.ts';

/** What a tape holds of one symbol. */
export interface SymbolDescription {
  readonly symbol: string;
  readonly market: Market;
  /** Events of each kind that occurs. */
  readonly channels: Partial<Record<Channel, number>>;
  readonly events: number;
  readonly from: Nanos;
  readonly to: Nanos;
  /** Only when it was asked for, and the symbol has events. */
  readonly availability?: Availability | undefined;
}

/** What `papertape tape info` shows. An empty tape has no period. */
export interface TapeDescription {
  readonly name: string;
  readonly events: number;
  readonly channels: Partial<Record<Channel, number>>;
  /** First and last instant, inclusive, also as text in UTC. */
  readonly period: { readonly from: Nanos; readonly to: Nanos; readonly text: string } | undefined;
  /** Sorted by symbol. */
  readonly symbols: readonly SymbolDescription[];
}

export interface DescribeOptions {
  /** Read every event and tell how complete the tape is; the longest stretch of regular hours without events that needs no mention. */
  readonly silence?: Nanos | undefined;
  /** Hears how far that reading is: events read, and how many there are. Not called before they have been counted. */
  readonly onProgress?: ((read: number, all: number) => void) | undefined;
}

/**
 * Tells what a tape holds: ranges, and counts per symbol and kind. Scans the tape when no sidecar vouches for it. With `silence` it reads
 * every event and tells how complete the tape is: trading days missing, stretches of regular hours longer than that without a trade or
 * a bar, and prices and volume, per symbol.
 */
export async function describeTape(
  source: Source,
  signal: AbortSignal,
  { silence, onProgress }: DescribeOptions = {},
): Promise<TapeDescription> {
  const { holdings } = await source.survey(signal);
  const symbols = new Map<string, SymbolDescription>();
  const channels: Partial<Record<Channel, number>> = {};
  for (const { symbol, market, channel, events, from, to } of holdings) {
    channels[channel] = (channels[channel] ?? 0) + events;
    const known = symbols.get(symbol) ?? { symbol, market, channels: {}, events: 0, from, to };
    symbols.set(symbol, {
      ...known,
      channels: { ...known.channels, [channel]: (known.channels[channel] ?? 0) + events },
      events: known.events + events,
      from: from < known.from ? from : known.from,
      to: to > known.to ? to : known.to,
    });
  }
  const all = holdings.reduce((sum, { events }) => sum + events, 0);
  const pages = counted(source.pages({}, signal), (read) => onProgress?.(read, all));
  const measured = silence === undefined ? undefined : await measureAvailability(pages, silence);
  signal.throwIfAborted();
  for (const [symbol, availability] of measured ?? []) {
    const known = symbols.get(symbol);
    if (known !== undefined) symbols.set(symbol, { ...known, availability });
  }
  const sorted = [...symbols.values()].sort((left, right) => (left.symbol < right.symbol ? -1 : 1));
  return {
    name: source.name,
    events: all,
    channels,
    period: periodOf(sorted),
    symbols: sorted,
  };
}

/** The same pages, telling after each how many events there were so far. */
async function* counted(pages: AsyncIterable<Page>, tell: (events: number) => void): AsyncGenerator<Page> {
  let events = 0;
  for await (const page of pages) {
    yield page;
    events += page.length;
    tell(events);
  }
}

function periodOf(symbols: readonly SymbolDescription[]): TapeDescription['period'] {
  const [first] = symbols;
  if (first === undefined) return undefined;
  const from = symbols.reduce((least, one) => (one.from < least ? one.from : least), first.from);
  const to = symbols.reduce((most, one) => (one.to > most ? one.to : most), first.to);
  return { from, to, text: `${isoOf(from)} to ${isoOf(to)}` };
}
