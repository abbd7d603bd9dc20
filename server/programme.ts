import type { Channel, Market, Nanos } from '../market/event.ts';
import { barKinds } from '../market/event.ts';
import { TimeZone } from '../market/time-zone.ts';
import type { Exchange } from './exchanges/exchange.ts';
import type { Scenario } from './scenario/schema.ts';
import { TapeError, type Outline, type Source } from './sources/source.ts';
import { Timeline } from './timeline.ts';

/**
 * The timeline a scenario plays: its tapes, cut to what it asks for, after checking that they hold it. Throws a TapeError that names
 * the range or the symbols there are when they do not.
 */
export async function arrange(
  scenario: Scenario,
  sources: readonly Source[],
  exchanges: readonly Exchange[],
  signal: AbortSignal = new AbortController().signal,
): Promise<Timeline> {
  const { symbols, range, startAt } = scenario.replay;
  const all = (await Promise.all(sources.map((source) => outlineOf(source, signal)))).flat();
  const holdings = symbols === undefined ? all : all.filter((holding) => symbols.includes(holding.symbol));
  refuseMissing(symbols, all);
  const held = bounds(holdings);
  if (held === undefined) {
    throw new TapeError(
      `the tapes are empty: ${sources.map((source) => source.name).join(', ')}; name a tape with events`,
    );
  }
  const { from, to } = range === undefined ? held : within(range, held);
  if (startAt !== undefined && (startAt < from || startAt > to)) {
    throw new TapeError(`replay.startAt: ${iso(startAt)} lies outside what is played, ${iso(from)} to ${iso(to)}`);
  }
  const recorded = recordedBars(holdings);
  const [exchange] = exchanges;
  if (exchange === undefined)
    throw new TapeError('endpoints: no exchange to play on; name one, or leave endpoints out');
  return new Timeline(sources, { symbols, from, to, recorded, bars: exchange.bars, seed: scenario.seed });
}

/** Which kinds of bars the tapes hold of each symbol; one symbol's bars silence no other's. */
function recordedBars(holdings: readonly Outline[]): (market: Market, symbol: string) => ReadonlySet<Channel> {
  const bySymbol = new Map<string, Set<Channel>>();
  for (const { market, symbol, channel } of holdings) {
    if (!(barKinds as readonly Channel[]).includes(channel)) continue;
    const key = `${market} ${symbol}`;
    bySymbol.set(key, (bySymbol.get(key) ?? new Set<Channel>()).add(channel));
  }
  const none: ReadonlySet<Channel> = new Set<Channel>();
  return (market, symbol) => bySymbol.get(`${market} ${symbol}`) ?? none;
}

const day: Nanos = 86_400_000_000_000n;
const newYork = new TimeZone('America/New_York');

async function outlineOf(source: Source, signal: AbortSignal): Promise<readonly Outline[]> {
  return (await source.outline?.(signal)) ?? (await source.survey(signal)).holdings;
}

interface Bounds {
  readonly from: Nanos;
  /** Instant of the last event, inclusive. */
  readonly to: Nanos;
}

function bounds(holdings: readonly Outline[]): Bounds | undefined {
  const [first, ...others] = holdings;
  if (first === undefined) return undefined;
  return others.reduce<Bounds>(
    (so, { from, to }) => ({ from: from < so.from ? from : so.from, to: to > so.to ? to : so.to }),
    first,
  );
}

/** The range asked for, as far as the tapes go; `to` of a range is exclusive. */
function within(range: NonNullable<Scenario['replay']['range']>, held: Bounds): Bounds {
  const available = `the tapes hold ${iso(held.from)} to ${iso(held.to)}`;
  if (range.from > held.to || range.to <= held.from) {
    throw new TapeError(`replay.range: nothing between ${iso(range.from)} and ${iso(range.to)}; ${available}`);
  }
  const early = range.from < held.from && !coversDay(range.from, held.from);
  const late = range.to - 1n > held.to && !coversDay(range.to, held.to);
  if ((early || late) && range.outside === 'refuse') {
    throw new TapeError(
      `replay.range: ${iso(range.from)} to ${iso(range.to)} reaches beyond the tapes; ${available}; ` +
        `choose a range inside, or set replay.range.outside: clip`,
    );
  }
  const last = range.to - 1n;
  return { from: range.from > held.from ? range.from : held.from, to: last < held.to ? last : held.to };
}

/** A range of whole days (dates in a scenario are New York's) is not beyond tapes that trade from its first day to its last. */
function coversDay(bound: Nanos, held: Nanos): boolean {
  const wall = newYork.wall(bound);
  const off = wall - newYork.wall(held);
  return wall % day === 0n && off <= day && off >= -day;
}

function refuseMissing(symbols: readonly string[] | undefined, all: readonly Outline[]): void {
  const there = new Set(all.map((holding) => holding.symbol));
  const missing = symbols?.filter((symbol) => !there.has(symbol)) ?? [];
  if (missing.length === 0) return;
  const known = [...there].sort();
  const shown = known.length > 20 ? `${known.slice(0, 20).join(', ')} and ${known.length - 20} more` : known.join(', ');
  throw new TapeError(`replay.symbols: no ${missing.join(', ')} on the tapes; they hold ${shown}`);
}

function iso(at: Nanos): string {
  return new Date(Number(at / 1_000_000n)).toISOString();
}
