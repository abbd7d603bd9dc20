import type { MarketEvent, Nanos } from '../market/event.ts';
import type { Batch } from './batch.ts';
import type { NamedRule } from './rules/index.ts';

/** An event that a rule refused: it goes no further, and this is what is left of it. */
export interface Refused {
  readonly rule: NamedRule['name'];
  readonly why: string;
  readonly event: MarketEvent;
}

/** What a rule did so far. */
export interface RuleCount {
  readonly rule: NamedRule['name'];
  readonly refused: number;
  readonly repaired: number;
}

/** The cleaning of one feed: each event before each rule, in order, until one refuses it. */
export class Cleaning {
  readonly #rules: readonly { readonly named: NamedRule; refused: number; repaired: number }[];
  readonly #refused: (refused: Refused) => void;

  /** `refused` hears of each event that goes no further. */
  constructor(rules: readonly NamedRule[], refused: (refused: Refused) => void) {
    this.#rules = rules.map((named) => ({ named, refused: 0, repaired: 0 }));
    this.#refused = refused;
  }

  /** What is left of a batch: the very same one when nothing was refused or repaired, `undefined` when nothing is left. */
  clean(batch: Batch): Batch | undefined {
    const { events, heardAt } = batch;
    let kept: MarketEvent[] | undefined;
    for (const [index, event] of events.entries()) {
      const judged = this.#judge(event, heardAt);
      if (judged === event) kept?.push(event);
      else {
        kept ??= events.slice(0, index);
        if (judged !== undefined) kept.push(judged);
      }
    }
    if (kept === undefined) return batch;
    return kept.length === 0 ? undefined : { ...batch, events: kept };
  }

  counts(): RuleCount[] {
    return this.#rules.map(({ named, refused, repaired }) => ({ rule: named.name, refused, repaired }));
  }

  #judge(event: MarketEvent, heardAt: Nanos): MarketEvent | undefined {
    let judged = event;
    for (const entry of this.#rules) {
      const verdict = entry.named.rule.judge(judged, heardAt);
      if (verdict === judged) continue;
      if (verdict.kind === 'rejected') {
        entry.refused++;
        this.#refused({ rule: entry.named.name, why: verdict.why, event: judged });
        return undefined;
      }
      entry.repaired++;
      judged = verdict;
    }
    return judged;
  }
}
