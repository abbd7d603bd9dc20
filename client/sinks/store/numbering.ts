import type { MarketEvent } from '../../../market/event.ts';
import type { Batch } from '../sink.ts';

/** Identities that one count remembers at least; twice as many at most. Equal events of an instant come close together. */
const mostCounted = { stream: 65_536, history: 4_096 };
/** Requests to history whose pages may come in turns. */
const mostAskings = 32;

/** Counts equal events, in two generations: the older is forgotten when the younger is full. */
class Count {
  #young = new Map<string, number>();
  #old = new Map<string, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many equal ones came before. */
  next(identity: string): number {
    const before = this.#young.get(identity) ?? this.#old.get(identity) ?? 0;
    if (this.#young.size >= this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(identity, before + 1);
    return before;
  }
}

/**
 * Numbers events that are equal in all that identifies them. What has an id or a sequence of the vendor is always 0: the same id twice is the
 * same event. The others are counted: those of the stream on and on, those of history anew in each answer, so that the second of two equal
 * ones has the same number whoever tells of it. (docs/decisions/0013-exactly-once.md)
 */
export class Numbering {
  readonly #stream = new Count(mostCounted.stream);
  /** In the order of their last page. */
  readonly #askings = new Map<string, Count>();

  /** The count that goes with a batch; ask once per batch. */
  of(batch: Batch): (event: MarketEvent, key: string) => number {
    const count = batch.origin === 'stream' ? this.#stream : this.#answer(batch);
    return (event, key) =>
      isTellable(event)
        ? 0
        : count.next(`${batch.dataSource} ${event.market} ${event.kind} ${event.symbol} ${event.at} ${key}`);
  }

  #answer({ dataSource, asking }: Batch): Count {
    if (asking === undefined) return new Count(mostCounted.history);
    const name = `${dataSource} ${asking}`;
    const count = this.#askings.get(name) ?? new Count(mostCounted.history);
    this.#askings.delete(name);
    this.#askings.set(name, count);
    const [oldest] = this.#askings.keys();
    if (this.#askings.size > mostAskings && oldest !== undefined) this.#askings.delete(oldest);
    return count;
  }
}

/** Whether the vendor itself tells an event from its equals. */
function isTellable(event: MarketEvent): boolean {
  if (event.kind === 'trade') return event.id !== '' || event.sequence !== undefined;
  if (event.kind === 'quote') return event.sequence !== undefined;
  if (event.kind === 'cancel' || event.kind === 'news') return event.id !== '';
  return event.kind === 'correction' && event.original.id !== '' && event.corrected.id !== '';
}
