import type { Channel, Market, Nanos } from '../market/event.ts';
import { isBarKind } from '../market/event.ts';
import { day, isoMillis, modulo } from '../market/nanos.ts';
import { TimeZone } from '../market/time-zone.ts';
import type { Exchange } from './exchanges/exchange.ts';
import { unknownPlans } from './keys.ts';
import type { Scenario } from './scenario/schema.ts';
import type { Outline, Source } from './sources/source.ts';
import { objectionsToAims, objectionsToSteps, type Played } from './step-objections.ts';
import { Timeline } from './timeline.ts';
import { type Objection, UnplayableError } from './unplayable.ts';

/**
 * The timeline a scenario plays: its tapes, cut to what it asks for, after checking that they hold it. Throws an
 * UnplayableError that names what there is when they do not, and the signal's reason on abort. `warn` hears of a range that was clipped.
 */
export async function arrange(
  scenario: Scenario,
  sources: readonly Source[],
  exchanges: readonly Exchange[],
  signal: AbortSignal = new AbortController().signal,
  warn: (message: string) => void = () => undefined,
): Promise<Timeline> {
  const { symbols, range, startAt } = scenario.replay;
  const objections = await objectionsTo(scenario, exchanges);
  if (objections.length > 0) throw new UnplayableError(...objections);
  const all = (await Promise.all(sources.map((source) => outlineOf(source, signal)))).flat();
  const holdings = symbols === undefined ? all : all.filter((holding) => symbols.includes(holding.symbol));
  refuseMissing(symbols, all);
  const held = bounds(holdings);
  if (held === undefined) {
    const names = sources.map((source) => source.name).join(', ');
    throw new UnplayableError({
      path: ['tapes'],
      message: `the tapes are empty: ${names}`,
      wayOut: 'name a tape with events',
    });
  }
  const { from, to } = range === undefined ? held : within(range, held, warn);
  if (startAt !== undefined && (startAt < from || startAt > to)) {
    throw new UnplayableError({
      path: ['replay', 'startAt'],
      message: `${isoMillis(startAt)} lies outside what is played`,
      wayOut: `choose an instant from ${isoMillis(from)} to ${isoMillis(to)}`,
    });
  }
  const never = objectionsToSteps(scenario, { from, to, ...whatIsPlayed(holdings) }, warn);
  if (never.length > 0) throw new UnplayableError(...never);
  return new Timeline(sources, {
    symbols,
    from,
    to,
    recorded: recordedIn(holdings),
    holdsBars: holdings.some(({ channel }) => isBarKind(channel)),
    holdsBooks: holdings.some(({ channel }) => channel === 'book'),
    listed: listedIn(holdings),
    publishers: exchanges,
    seed: scenario.seed,
  });
}

function whatIsPlayed(holdings: readonly Outline[]): Pick<Played, 'symbols' | 'holdsNews'> {
  return {
    symbols: new Set(holdings.map(({ symbol }) => symbol)),
    holdsNews: holdings.some(({ channel }) => channel === 'news'),
  };
}

function listedIn(holdings: readonly Outline[]): { readonly market: Market; readonly symbol: string }[] {
  const once = new Map(holdings.map(({ market, symbol }) => [`${market} ${symbol}`, { market, symbol }]));
  return [...once.values()].sort((one, other) => (one.symbol < other.symbol ? -1 : 1));
}

/** Which kinds of events the tapes hold of each symbol; one symbol's bars silence no other's. */
function recordedIn(holdings: readonly Outline[]): (market: Market, symbol: string) => ReadonlySet<Channel> {
  const bySymbol = new Map<string, Set<Channel>>();
  for (const { market, symbol, channel } of holdings) {
    const key = `${market} ${symbol}`;
    bySymbol.set(key, (bySymbol.get(key) ?? new Set<Channel>()).add(channel));
  }
  const none: ReadonlySet<Channel> = new Set<Channel>();
  return (market, symbol) => bySymbol.get(`${market} ${symbol}`) ?? none;
}

/** What is wrong with a scenario whatever its tapes hold: no exchange to play on, plans and targets that none of them has. */
export async function objectionsTo(scenario: Scenario, exchanges: readonly Exchange[]): Promise<Objection[]> {
  if (exchanges.length === 0) {
    return [{ path: ['endpoints'], message: 'no exchange to play on', wayOut: 'name one, or leave endpoints out' }];
  }
  const plans = unknownPlans(scenario.keys ?? [], exchanges).map(({ index, plans: known }) => ({
    path: ['keys', index, 'plan'],
    message: 'no such plan',
    wayOut: `use one of ${known.join(', ')}`,
  }));
  return [...plans, ...(await objectionsToAims(scenario, exchanges))];
}

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
function within(
  range: NonNullable<Scenario['replay']['range']>,
  held: Bounds,
  warn: (message: string) => void,
): Bounds {
  const available = `the tapes hold ${isoMillis(held.from)} to ${isoMillis(held.to)}`;
  if (range.from > held.to || range.to <= held.from) {
    throw new UnplayableError({
      path: ['replay', 'range'],
      message: `nothing between ${isoMillis(range.from)} and ${isoMillis(range.to)}; ${available}`,
      wayOut: 'choose a range inside',
    });
  }
  const early = range.from < held.from && !coversDay(range.from, held.from);
  const late = range.to - 1n > held.to && !coversDay(range.to, held.to);
  if ((early || late) && range.outside === 'refuse') {
    throw new UnplayableError({
      path: ['replay', 'range'],
      message: `${isoMillis(range.from)} to ${isoMillis(range.to)} reaches beyond the tapes; ${available}`,
      wayOut: 'choose a range inside, or set replay.range.outside: clip',
    });
  }
  const last = range.to - 1n;
  if (early || late) warn(`${isoMillis(range.from)} to ${isoMillis(range.to)} is clipped: ${available}`);
  return { from: range.from > held.from ? range.from : held.from, to: last < held.to ? last : held.to };
}

/** A range of whole days (dates in a scenario are New York's) is not beyond tapes that trade from its first day to its last. */
function coversDay(bound: Nanos, held: Nanos): boolean {
  const newYork = new TimeZone('America/New_York');
  const wall = newYork.wall(bound);
  const off = wall - newYork.wall(held);
  return modulo(wall, day) === 0n && off <= day && off >= -day;
}

function refuseMissing(symbols: readonly string[] | undefined, all: readonly Outline[]): void {
  const there = new Set(all.map((holding) => holding.symbol));
  const missing = symbols?.filter((symbol) => !there.has(symbol)) ?? [];
  if (missing.length === 0) return;
  const known = [...there].sort();
  const shown = known.length > 20 ? `${known.slice(0, 20).join(', ')} and ${known.length - 20} more` : known.join(', ');
  throw new UnplayableError({
    path: ['replay', 'symbols'],
    message: `no ${missing.join(', ')} on the tapes; they hold ${shown}`,
    wayOut: 'name only those, or leave replay.symbols out to play all',
  });
}
