import { formatDuration } from '../../../market/duration.ts';
import { exchangeKind } from '../exchange.ts';
import { deepest } from './crypto-json.ts';
import { polygonOptions } from './options.ts';
import { defaultPlan, plansOf } from './plans.ts';
import { polygonStreams } from './streams.ts';

/** Imitates the streams of Polygon, called Massive since October 2025: stocks, options, indices, forex, crypto and futures. */
export const polygon = exchangeKind({
  options: polygonOptions,
  // Read by the SDKs for Python, under the old name and the new one; none reads an address.
  variables: ({ key }) => ({ POLYGON_API_KEY: key, MASSIVE_API_KEY: key }),
  explain({ ack, connectionCap, authDeadline, delayedLag, serverPing }) {
    const answers = ack === 'array' ? 'in one frame' : 'frame by frame';
    const goes = connectionCap.mode === 'evict_oldest' ? 'the oldest' : 'the newest';
    const pings = serverPing === 'off' ? 'it never pings' : `it pings every ${formatDuration(serverPing.every)}`;
    return (
      `Polygon (Massive) streams: subscriptions are answered ${answers}, ${pings}, login within ${formatDuration(authDeadline)}; ` +
      `of too many connections to a cluster ${goes} has to go; delayed feeds are ${formatDuration(delayedLag)} behind.`
    );
  },
  open: (options) => ({
    name: 'polygon',
    streams: polygonStreams(options),
    plans: plansOf(options.plans, options.optionContractLimit),
    defaultPlan,
    bars: {
      minute: options.barDelay,
      updated: options.updatedBarDelay,
      revised: options.barRevised,
      // Nothing here tells the day so far; history is cut from it.
      daily: 0n,
      second: { delay: options.secondBarDelay, revised: options.secondBarRevised },
    },
    // Of any depth up to so many levels (sheet §5), and nothing on subscribing (sheet §2: no replay).
    wholeBooks: { levels: deepest },
    ...(options.launchpad ? { prices: true } : {}),
    rest: async () => (await import('./rest/index.ts')).polygonRest(options),
  }),
});
