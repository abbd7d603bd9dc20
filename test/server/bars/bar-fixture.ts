import { isBar, type Bar, type Channel, type MarketEvent, type Nanos, type Trade } from '../../../market/event.ts';
import { BarMaker } from '../../../server/bars/bar-maker.ts';
import { derive } from '../../../server/bars/derive.ts';
import { Ticks } from '../../../server/bars/ticks.ts';
import type { BarSchedule } from '../../../server/exchanges/exchange.ts';
import type { Page } from '../../../server/sources/source.ts';
import { trade as tradeAt } from '../../helpers/events.ts';

export const second = 1_000_000_000n;
export const minute = 60n * second;

/** The instant of a UTC text, to the nanosecond when it names milliseconds. */
export const at = (text: string): Nanos => BigInt(Date.parse(text)) * 1_000_000n;

/** Alpaca's measured delays (sheet §5.1). */
export const schedule: BarSchedule = {
  minute: { earliest: second / 4n, latest: (second * 55n) / 100n, slots: 9 },
  updated: (second * 296n) / 10n,
  daily: second,
};

export function trade(text: string, price: number, size: number, more: Partial<Trade> = {}): Trade {
  return tradeAt(at(text), { price, size, ...more });
}

export interface Playing {
  readonly seed?: number;
  readonly recorded?: readonly Channel[];
  readonly schedule?: BarSchedule;
}

/** Plays pages through the bar maker and collects the pages that come out. */
export async function play(pages: readonly Page[], playing: Playing = {}): Promise<Page[]> {
  async function* tape(): AsyncGenerator<Page> {
    yield* pages;
  }
  const options = {
    schedule: playing.schedule ?? schedule,
    publisher: 'alpaca',
    seed: playing.seed ?? 1,
  };
  const ticks = new Ticks(() => new Set(playing.recorded));
  const out: Page[] = [];
  for await (const page of derive(tape(), [new BarMaker(options)], ticks, true)) out.push(page);
  return out;
}

/** The bars of a kind that come out of a tape. */
export async function barsOf(kind: Bar['kind'], tape: readonly MarketEvent[], playing: Playing = {}): Promise<Bar[]> {
  return (await play([tape], playing))
    .flat()
    .filter(isBar)
    .filter((bar) => bar.kind === kind);
}
