import { isBar, type MarketEvent, type Nanos } from '../../market/event.ts';
import type { Page } from '../sources/source.ts';
import type { Deriver } from './deriver.ts';
import { Gatherer } from './gatherer.ts';
import { saysNoMoment } from './undated.ts';

/**
 * Passes a tape through and adds what each deriver makes of it, in pages of one size. What is due at the instant of an event comes before
 * it. Bars of the tape that do not say when they were published are left to the derivers; `holdsBars`: whether there can be any.
 */
export async function* derive(
  pages: AsyncIterable<Page>,
  derivers: readonly Deriver[],
  holdsBars: boolean,
): AsyncGenerator<Page> {
  const gatherer = new Gatherer();
  for await (const page of pages) {
    yield* interleave(
      holdsBars && page.some(isUndated) ? page.filter((event) => !isUndated(event)) : page,
      derivers.map((deriver) => deriver.take(page)),
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
    const to = firstAt(page, head.event.at, from);
    gatherer.putAll(page, from, to);
    gatherer.put(head.event);
    from = to;
    head.advance();
    // Asked first: prices come as often as trades, and a generator for each would cost more than the price.
    if (gatherer.isFull) yield* gatherer.full();
  }
  gatherer.putAll(page, from, page.length);
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

const few = 8;

/** Index of the first event at or after the instant. */
function firstAt(page: Page, at: Nanos, from: number): number {
  // Most derived events come with one of the next few.
  const near = Math.min(from + few, page.length);
  for (let index = from; index < near; index++) if ((page[index]?.at ?? at) >= at) return index;
  let [low, high] = [near, page.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((page[middle]?.at ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

const isUndated = (event: MarketEvent): boolean => isBar(event) && saysNoMoment(event);
