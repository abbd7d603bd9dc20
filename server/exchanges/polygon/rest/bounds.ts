import type { Market, Nanos } from '../../../../market/event.ts';
import { firstOf, lastOf, type Moment } from './parameters.ts';

/** Bounds of time, each of which holds where it is given; a date stands for its whole day. */
export interface Bounds {
  readonly timestamp?: Moment | undefined;
  readonly 'timestamp.gte'?: Moment | undefined;
  readonly 'timestamp.gt'?: Moment | undefined;
  readonly 'timestamp.lte'?: Moment | undefined;
  readonly 'timestamp.lt'?: Moment | undefined;
}

/** The instants that all bounds leave, both inclusive; `undefined` where nothing bounds them. */
export function rangeOf(
  bounds: Bounds,
  market: Market,
): { readonly from: Nanos | undefined; readonly to: Nanos | undefined } {
  const { timestamp: exactly, 'timestamp.gte': gte, 'timestamp.gt': gt } = bounds;
  const { 'timestamp.lte': lte, 'timestamp.lt': lt } = bounds;
  // After a date is after its day, and before it is before its day.
  const froms = [exactly && firstOf(exactly, market), gte && firstOf(gte, market), gt && lastOf(gt, market) + 1n];
  const tos = [exactly && lastOf(exactly, market), lte && lastOf(lte, market), lt && firstOf(lt, market) - 1n];
  return {
    from: froms.reduce(
      (latest, at) => (at !== undefined && (latest === undefined || at > latest) ? at : latest),
      undefined,
    ),
    to: tos.reduce(
      (earliest, at) => (at !== undefined && (earliest === undefined || at < earliest) ? at : earliest),
      undefined,
    ),
  };
}

const boundNames = ['timestamp', 'timestamp.gte', 'timestamp.gt', 'timestamp.lte', 'timestamp.lt'] as const;

/** The bounds as a cursor carries them: dates as they are, instants as `spell` spells them. */
export function spelledBounds(
  bounds: Bounds,
  spell: (at: Nanos) => string,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    boundNames.map((name) => {
      const moment = bounds[name];
      return [name, moment && ('date' in moment ? moment.date : spell(moment.at))];
    }),
  );
}
