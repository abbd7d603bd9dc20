import type { Nanos } from '../../../market/event.ts';

/** Waits between the attempts of one client, from the end of its connection to its next login. */
export interface Chain {
  readonly who: string;
  readonly delays: readonly { readonly span: Nanos; readonly line: number }[];
}

/** How much longer than the first the longest of the later delays is, where delays grow. */
const growth = 1.5;
/** Delays it takes to say that they do not grow, and comparisons to say that they have no jitter: fewer may look so by chance. */
export const enough = 3;
/** What clients without jitter multiply their delays by. */
const factors = [1, 1.5, 2, 3];
/** Timers and networks blur a planned delay by so many milliseconds, and by this share of it. */
const blur = 15;
const blurShare = 0.02;

const millisOf = (chain: Chain): number[] => chain.delays.map(({ span }) => Number(span) / 1e6);

/** Do its delays grow? `undefined` while there are too few to tell. */
export function grown(chain: Chain): boolean | undefined {
  const [first, ...later] = millisOf(chain);
  if (first === undefined || later.length === 0) return undefined;
  if (Math.max(...later) >= first * growth) return true;
  return chain.delays.length < enough ? undefined : false;
}

/**
 * Are all delays those of a plan without chance: each the one before times a fixed factor, or one step more, or a ceiling that is kept,
 * or the same as at this place of the first chain? `undefined` while there are too few to tell.
 */
export function isSteady(chains: readonly Chain[]): boolean | undefined {
  const [reference = [], ...others] = chains.map(millisOf);
  let compared = 0;
  let free = 0;
  const weigh = (delays: readonly number[], model: readonly number[]): void => {
    delays.forEach((delay, at) => {
      const planned = at < model.length ? [model[at] ?? 0] : [];
      if (at === 0 && planned.length === 0) return;
      compared++;
      if (!planned.some((one) => near(delay, one)) && !follows(delays, at)) free++;
    });
  };
  weigh(reference, []);
  for (const delays of others) weigh(delays, reference);
  if (free > 0) return false;
  return compared >= enough ? true : undefined;
}

function follows(delays: readonly number[], at: number): boolean {
  const [delay = 0, before, next] = [delays[at], delays[at - 1], delays[at + 1]];
  if (before === undefined) return false;
  if (factors.some((factor) => near(delay, before * factor, factor))) return true;
  const first = delays[0] ?? 0;
  // One, two, three, … times the first.
  if (near(delay, first * (at + 1), at + 1)) return true;
  // A ceiling cuts one step short; it is known by the steps before, and by what comes after.
  const cut = at >= 2 && delay > before && delay < before * Math.max(...factors);
  return cut && (next === undefined ? follows(delays, at - 1) : near(next, delay));
}

/** `factor`: what the right one was multiplied by, blur and all. */
const near = (left: number, right: number, factor = 1): boolean =>
  Math.abs(left - right) <= (blur / 2) * (1 + factor) + blurShare * Math.max(left, right);
