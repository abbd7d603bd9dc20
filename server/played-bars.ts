import type { Bar, Market, Nanos } from '../market/event.ts';
import type { Run } from './run.ts';

/** Which bars are asked for. `from`: market time. */
export interface BarsAsked {
  readonly market: Market;
  readonly symbol: string;
  readonly from: Nanos;
}

/** Minute bars of a symbol as far as a run has played them in its latest pass, oldest first, in market time. */
export async function playedBars(
  run: Run,
  { market, symbol, from }: BarsAsked,
  signal: AbortSignal,
): Promise<readonly Bar[]> {
  const { position } = run.status;
  const teller = run.exchanges.find(({ streams }) => streams.some(({ markets }) => markets.includes(market)));
  if (position === undefined || teller === undefined) return [];
  const history = run.historyOf(teller);
  const span = { market, symbol, from: from + history.shift, to: history.now, lag: 0n, newestFirst: false };
  // What was played twice, as after a seek, is told once; what lies behind the needle again is still to come.
  const played = new Map<Nanos, Bar>();
  for await (const { events } of history.bars(span, 'minute', signal)) {
    for (const bar of events) if (bar.start <= position) played.set(bar.start, bar);
  }
  signal.throwIfAborted();
  return [...played.values()].sort((one, other) => (one.start < other.start ? -1 : 1));
}
