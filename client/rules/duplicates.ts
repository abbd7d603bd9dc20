import { z } from 'zod';
import { isBar, type MarketEvent, type Nanos } from '../../market/event.ts';
import { eventKey } from '../../market/identity.ts';
import { hour } from '../../market/nanos.ts';
import { BySymbol, rejected, ruleKind } from './rule.ts';

/** The same id further apart than this is another event: vendors number each day anew. */
const idLife: Nanos = 6n * hour;

/** Keys of what was seen, in two generations: the older goes when the younger is full. */
class Seen {
  #young = new Map<string, Nanos>();
  #old = new Map<string, Nanos>();

  /** Whether it was seen already; remembers it if not. */
  has(key: string, at: Nanos, most: number): boolean {
    const known = this.#young.get(key) ?? this.#old.get(key);
    if (known !== undefined && at - known < idLife && known - at < idLife) return true;
    if (this.#young.size >= most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, at);
    return false;
  }
}

/**
 * What was heard already: sent twice, or asked for from history though the stream had it. Events are told apart by the vendor's id or
 * sequence alone; where there is neither, equal events may be different ones (3 to 37 % of a real tape's rows are equal in time, price and
 * size), and the store tells them apart by counting.
 */
export const duplicates = ruleKind({
  options: z
    .strictObject({
      remember: z
        .int()
        .min(1)
        .max(10_000_000)
        .default(50_000)
        .meta({ description: 'Events of each symbol that are remembered at least; twice as many at most.' }),
    })
    .meta({ description: 'Refuses events that were heard already.' }),
  create({ remember }) {
    const memories = new BySymbol(() => new Seen());
    return {
      judge(event) {
        if (!isTellable(event)) return event;
        const key = `${event.kind} ${momentOf(event)} ${eventKey(event)}`;
        return memories.of(event).has(key, event.at, remember) ? rejected('heard already') : event;
      },
    };
  },
});

/** Bars of a minute and prices of an instant have no number of their own: what says the same of the same time is the same. */
function momentOf(event: MarketEvent): string {
  if (isBar(event)) return String(event.start);
  return event.kind === 'price' ? String(event.at) : '';
}

function isTellable(event: MarketEvent): boolean {
  if (event.kind === 'trade') return event.id !== '' || event.sequence !== undefined;
  if (event.kind === 'quote') return event.sequence !== undefined;
  return (
    event.kind === 'price' ||
    event.kind === 'cancel' ||
    event.kind === 'correction' ||
    event.kind === 'news' ||
    isBar(event)
  );
}
