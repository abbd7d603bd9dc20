import { newYorkStockExchange } from '../market/calendars.ts';
import { isBarKind, type Channel, type Nanos } from '../market/event.ts';
import { day as wholeDay, floorTo, minute, second } from '../market/nanos.ts';
import { nextMoment } from './injection/market-moments.ts';
import { explainEffect } from './scenario/explain-steps.ts';
import type { Run } from './run.ts';
import type { Step } from './scenario/steps.ts';

/** What was traded from an instant on, for as long as every other stretch. */
export interface Stretch {
  readonly at: Nanos;
  readonly trades: number;
  /** Prices times sizes. */
  readonly turnover: number;
}

/** A day of a tape as it can be drawn, the part of it that is still to be played too. */
export interface DrawnDay {
  readonly from: Nanos;
  readonly to: Nanos;
  readonly length: Nanos;
  /** Every stretch of the day, the quiet ones too. */
  readonly stretches: readonly Stretch[];
}

/** A step of a scenario on the day, as far as one can tell before it begins. */
export interface PlannedFault {
  readonly id: string;
  readonly at: Nanos;
  /** Absent when it is over at once, or lasts until something happens. */
  readonly until: Nanos | undefined;
  readonly sentence: string;
}

/** At most so many stretches make a day. */
const mostStretches = 480n;
const lengths: readonly Nanos[] = [1n, 2n, 5n, 10n, 15n, 30n, 60n, 120n, 300n].map((one) => one * second);

/** The day in New York that holds an instant, as far as the tape of a run goes. */
export function dayAround(run: Run, at: Nanos): { readonly from: Nanos; readonly to: Nanos } {
  const { zone } = newYorkStockExchange();
  const { from, to } = run.span;
  const midnight = floorTo(zone.wall(at < from ? from : at > to ? to : at), wholeDay);
  const [first, last] = [zone.instant(midnight), zone.instant(midnight + wholeDay) - 1n];
  return { from: first > from ? first : from, to: last < to ? last : to };
}

/** Reads a day of a tape through, apart from what plays. Throws the signal's reason on abort, and a TapeError when the tape breaks. */
export async function drawDay(run: Run, at: Nanos, signal: AbortSignal): Promise<DrawnDay> {
  const { from, to } = dayAround(run, at);
  const length = lengths.find((one) => (to - from) / one < mostStretches) ?? 5n * minute;
  // What has only bars is drawn by them.
  for (const channels of [['trade'], ['bar']] satisfies Channel[][]) {
    const stretches = await sum(run, { from, to, channels }, length, signal);
    if (channels[0] !== 'trade' || stretches.some(({ trades }) => trades > 0)) return { from, to, length, stretches };
  }
  return { from, to, length, stretches: [] };
}

async function sum(
  run: Run,
  { from, to, channels }: { readonly from: Nanos; readonly to: Nanos; readonly channels: readonly Channel[] },
  length: Nanos,
  signal: AbortSignal,
): Promise<Stretch[]> {
  const start = floorTo(from, length);
  const count = Number((to - start) / length) + 1;
  const [trades, turnover] = [new Float64Array(count), new Float64Array(count)];
  for await (const page of run.read({ symbols: undefined, channels, from, to: to + 1n }, signal)) {
    for (const event of page) {
      const place = Number((event.at - start) / length);
      if (event.kind === 'trade') {
        trades[place] = (trades[place] ?? 0) + 1;
        turnover[place] = (turnover[place] ?? 0) + event.price * event.size;
      } else if (isBarKind(event.kind) && 'close' in event) {
        trades[place] = (trades[place] ?? 0) + (event.trades ?? 0);
        turnover[place] = (turnover[place] ?? 0) + event.close * event.volume;
      }
    }
  }
  signal.throwIfAborted();
  return Array.from(trades, (each, index) => ({
    at: start + BigInt(index) * length,
    trades: each,
    turnover: turnover[index] ?? 0,
  }));
}

/** When and where the steps of a run's scenario strike, in the order of the scenario; those that nobody can foretell are left out. */
export function plannedFaults({ scenario, span }: Pick<Run, 'scenario' | 'span'>): readonly PlannedFault[] {
  const start = scenario.replay.startAt ?? span.from;
  const ends = new Map<string, Nanos>();
  return scenario.timeline.flatMap((step): PlannedFault[] => {
    const at = beginOf(step, start, ends);
    if (at === undefined) return [];
    const until = typeof step.for === 'bigint' ? at + step.for : undefined;
    ends.set(step.id, until ?? at);
    return [{ id: step.id, at, until, sentence: explainEffect(step) }];
  });
}

function beginOf(
  { at, market, after, plus = 0n }: Step,
  start: Nanos,
  ends: ReadonlyMap<string, Nanos>,
): Nanos | undefined {
  if (at !== undefined) return start + at;
  if (market !== undefined) return nextMoment(market, start, newYorkStockExchange());
  const over = after === undefined ? undefined : ends.get(after);
  return over === undefined ? undefined : over + plus;
}
