import { z } from 'zod';
import { plain, type Tell, type Told } from './answers.ts';
import type { Entitlement } from './entitlement.ts';
import { choice, flag, read } from './parameters.ts';
import { type Options, roots, type Snapped, type Snapshot, snapshotOf } from './snapshots.ts';
import { tickersOf } from './tickers.ts';

/** So many are told, and of stocks only those of which so much was traded that day (official specification). */
const most = 20;
const leastShares = 10_000;

/** The stocks, coins or currencies that have gained or lost most since the close of the day before (official specification). */
export function directionRoutes(entitlement: Entitlement, options: Options): readonly Told[] {
  return (['stocks', 'crypto', 'forex'] as const).map((market) => ({
    path: roots[market].replace('/tickers', '/:direction'),
    tell: movers(market, entitlement, options),
  }));
}

function movers(market: Snapped, entitlement: Entitlement, options: Options): Tell {
  const shape = z.object({
    direction: choice('direction', ['gainers', 'losers']),
    include_otc: flag('include_otc', false),
  });
  return async (request, access, id) => {
    const given = read(shape, request, id);
    if ('refusal' in given) return given.refusal;
    const { direction, include_otc: withOtc } = given.asked;
    const sight = entitlement.sight(market, access);
    const refusal = entitlement.refusal(sight, undefined, access, id);
    if (refusal !== undefined) return refusal;
    const sign = direction === 'gainers' ? 1 : -1;
    const found: Snapshot[] = [];
    for (const instrument of tickersOf(access.history).values()) {
      if (instrument.market !== market) continue;
      const snapshot = await snapshotOf(instrument, sight, options, access, request);
      if (snapshot === undefined || (snapshot.otc && !withOtc) || snapshot.change * sign <= 0) continue;
      if (market !== 'stocks' || snapshot.volume >= leastShares) found.push(snapshot);
    }
    const tickers = found.sort((one, other) => sign * (other.change - one.change)).slice(0, most);
    for (const snapshot of tickers) snapshot.told();
    return plain({ status: 'OK', tickers: tickers.map(({ body }) => body) });
  };
}
