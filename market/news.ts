import type { Happening, Nanos } from './happening.ts';

/**
 * An item of news, at the moment it was published or published again. `symbol` is the first of `symbols`, and empty when the item is
 * about nothing in particular; whoever wants any of `symbols` hears it.
 */
export interface News extends Happening {
  readonly kind: 'news';
  /** The same for every version of an item. */
  readonly id: string;
  readonly headline: string;
  readonly summary: string;
  readonly author: string;
  /** When it first appeared, where that is not `at`. */
  readonly createdAt: Nanos | undefined;
  readonly updatedAt: Nanos;
  readonly url: string;
  /** HTML. */
  readonly content: string;
  readonly symbols: readonly string[];
  readonly source: string;
}
