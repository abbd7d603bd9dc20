import { isBar, type MarketEvent } from '../../market/event.ts';
import type { Page } from '../sources/source.ts';
import type { Deriver } from './deriver.ts';
import { Gatherer } from './gatherer.ts';
import type { Ticks } from './ticks.ts';
import { saysNoMoment } from './undated.ts';

/**
 * Passes a tape through and adds what each deriver makes of it, in pages of one size. What is due at the instant of an event comes before
 * it. Bars of the tape that do not say when they were published are left to the derivers; `holdsBars`: whether there can be any.
 */
export async function* derive(
  pages: AsyncIterable<Page>,
  derivers: readonly Deriver[],
  ticks: Ticks,
  holdsBars: boolean,
): AsyncGenerator<Page> {
  const gatherer = new Gatherer();
  for await (const page of pages) {
    ticks.read(page);
    yield* interleave(
      holdsBars && page.some(isUndated) ? page.filter((event) => !isUndated(event)) : page,
      derivers.map((deriver) => deriver.take(ticks)),
      gatherer,
    );
  }
  yield* interleave(
    [],
    derivers.map((deriver) => deriver.end()),
    gatherer,
  );
  yield* gatherer.rest();
}

function* interleave(
  page: Page,
  derived: readonly Iterable<MarketEvent>[],
  gatherer: Gatherer,
): Generator<Page, void, undefined> {
  const heads = derived.map((events) => new Head(events)).filter(({ event }) => event !== undefined);
  let from = 0;
  for (let head = earliest(heads); head?.event !== undefined; head = earliest(heads)) {
    from = gatherer.putUntil(page, from, head.event.at);
    gatherer.put(head.event);
    head.advance();
    // Asked first: prices come as often as trades, and a generator for each would cost more than the price.
    if (gatherer.isFull) yield* gatherer.full();
  }
  gatherer.putRest(page, from);
  yield* gatherer.full();
}

/** The next event of a deriver. */
class Head {
  event: MarketEvent | undefined;
  readonly #events: Iterator<MarketEvent>;

  constructor(events: Iterable<MarketEvent>) {
    this.#events = events[Symbol.iterator]();
    this.advance();
  }

  advance(): void {
    const { done, value } = this.#events.next();
    this.event = done === true ? undefined : value;
  }
}

/** Of equal ones the first, so that the order of the derivers is the order on the tape. */
function earliest(heads: readonly Head[]): Head | undefined {
  let first: Head | undefined;
  for (const head of heads) {
    if (head.event === undefined) continue;
    if (first?.event === undefined || head.event.at < first.event.at) first = head;
  }
  return first;
}

const isUndated = (event: MarketEvent): boolean => isBar(event) && saysNoMoment(event);
