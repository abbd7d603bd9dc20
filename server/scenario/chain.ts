import type { Problem } from './problem.ts';
import type { Tree } from './tree.ts';

/** What a file says together with everything it extends. */
export interface Chain {
  readonly tree: Tree;
  /** What its writer should know although it stops nothing. */
  readonly advice: readonly Problem[];
  /** Present when the file is the recycler's own configuration and asks for old rows of replays to be cleaned up. */
  readonly retention: Retention | undefined;
}

/** How long rows are kept that clients stored of a replay, in the recycler's `market_data`. */
export interface Retention {
  /** Connection string of the database. */
  readonly url: string;
  readonly days: number;
}
