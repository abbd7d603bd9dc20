import { channels as allChannels, type Market } from '../../market/event.ts';
import type { Manners, Plan, Refusal, Subscription, Verdict, Wish } from '../exchanges/exchange.ts';
import { everything, type Subscriptions } from '../fan-out/subscriptions.ts';
import type { Cap } from '../injection/cap.ts';

/** By what rules wishes are granted. */
export interface Terms extends Pick<Manners, 'overLimit' | 'unknownSymbols'> {
  readonly plan: Pick<Plan, 'channels' | 'only' | 'symbols'>;
  /** Symbols, over all channels, that a session may hold whatever its plan. */
  readonly heldSymbols: number;
  /** Symbols that a fault leaves to it. */
  readonly cap?: Cap | undefined;
  /** Where the tapes have a symbol. */
  readonly marketOf: (symbol: string) => Market | undefined;
}

export interface Grant {
  /** In the order of the wishes. */
  readonly verdicts: readonly Verdict[];
  readonly next: Subscriptions;
}

/**
 * What becomes of a request for more. A refusal, where the exchange answers a request as a whole and it goes beyond a limit, or nothing of
 * it may be granted.
 */
export function grant(wishes: readonly Wish[], held: Subscriptions, terms: Terms): Grant | Refusal {
  const { plan, cap } = terms;
  const usual = grantByPlan(wishes, held, terms);
  if (cap === undefined || cap.most >= (plan.symbols?.limit ?? Infinity)) return usual;
  const symbols = { limit: cap.most, counted: plan.symbols?.counted ?? askedByName };
  const less = grantByPlan(wishes, held, { ...terms, plan: { ...plan, symbols } });
  if (tooMany(less) > tooMany(usual)) cap.met();
  return less;
}

/** What counts where a plan has no limit that would say so: not what comes of itself beside something else. */
const askedByName = allChannels.filter((channel) => !['updated-bar', 'correction', 'cancel'].includes(channel));

/** How much of a request is too much. */
function tooMany(answer: Grant | Refusal): number {
  if (typeof answer === 'string') return answer === 'too-many-symbols' ? Infinity : 0;
  return answer.verdicts.filter(({ outcome }) => outcome === 'too-many-symbols').length;
}

function grantByPlan(wishes: readonly Wish[], held: Subscriptions, terms: Terms): Grant | Refusal {
  const verdicts = wishes.map((wish) => verdict(wish, outcomeOf(wish, held, terms), terms));
  const next = held.with(granted(verdicts));
  const nothing = terms.overLimit === 'request' && wishes.every(({ refused }) => refused !== undefined);
  if (nothing && wishes[0]?.refused !== undefined) return wishes[0].refused;
  // Who was left less than it holds already may say so again.
  if ((next.size === held.size || fits(next, terms)) && !wishes.some(({ refused }) => refused === 'too-many-symbols'))
    return { verdicts, next };
  switch (terms.overLimit) {
    case 'request':
      return 'too-many-symbols';
    case 'every-wish':
      return { verdicts: verdicts.map((one) => (one.outcome === 'done' ? excess(one) : one)), next: held };
    case 'excess':
      return asManyAsFit(verdicts, held, terms);
  }
}

/** What becomes of a request for less. */
export function release(wishes: readonly Wish[], held: Subscriptions, terms: Pick<Terms, 'marketOf'>): Grant {
  const verdicts = wishes.map((wish) => verdict(wish, holdsAny(wish, held) ? 'done' : 'same', terms));
  return { verdicts, next: held.without(granted(verdicts)) };
}

/** Wish by wish in their order, each counted once; nothing is built until it is known what fits. */
function asManyAsFit(verdicts: readonly Verdict[], held: Subscriptions, { plan, heldSymbols }: Terms): Grant {
  const { limit, counted } = plan.symbols ?? { limit: Infinity, counted: [] };
  const taken = new Set<string>();
  let [size, count] = [held.size, held.count(counted)];
  const judged = verdicts.map((one) => {
    if (one.outcome !== 'done') return one;
    const { channels, symbols } = one.wish;
    const more = channels
      .flatMap((channel) => symbols.map((symbol) => ({ channel, symbol, name: `${channel} ${symbol}` })))
      .filter(({ channel, symbol, name }) => !held.holds(channel, symbol) && !taken.has(name));
    const against = more.filter(({ channel }) => counted.includes(channel));
    const next = count + (against.some(({ symbol }) => symbol === everything) ? Infinity : against.length);
    if (size + more.length > heldSymbols || next > limit) return excess(one);
    for (const { name } of more) taken.add(name);
    [size, count] = [size + more.length, next];
    return one;
  });
  return { verdicts: judged, next: held.with(granted(judged)) };
}

function outcomeOf(wish: Wish, held: Subscriptions, { plan, unknownSymbols, marketOf }: Terms): Verdict['outcome'] {
  const { channels, symbols, refused } = wish;
  if (refused !== undefined) return refused;
  if (plan.channels !== undefined && !channels.every((channel) => plan.channels?.includes(channel))) {
    return 'not-in-plan';
  }
  const unknown = (symbol: string): boolean => symbol !== everything && marketOf(symbol) === undefined;
  if (unknownSymbols === 'refused' && symbols.some(unknown)) return 'unknown-symbol';
  if (plan.only !== undefined && !symbols.every((symbol) => plan.only?.includes(symbol))) return 'not-in-plan';
  return holdsAll(wish, held) ? 'same' : 'done';
}

function fits(next: Subscriptions, { plan, heldSymbols }: Terms): boolean {
  const { symbols } = plan;
  return next.size <= heldSymbols && (symbols === undefined || next.count(symbols.counted) <= symbols.limit);
}

function verdict(wish: Wish, outcome: Verdict['outcome'], { marketOf }: Pick<Terms, 'marketOf'>): Verdict {
  const [first = ''] = wish.symbols;
  return { wish, outcome, market: marketOf(first) };
}

const excess = (one: Verdict): Verdict => ({ ...one, outcome: 'too-many-symbols' satisfies Refusal });

function granted(verdicts: readonly Verdict[]): Subscription[] {
  return verdicts.flatMap(({ wish, outcome }) =>
    outcome === 'done' ? wish.channels.map((channel) => ({ channel, symbols: wish.symbols })) : [],
  );
}

function holdsAll({ channels, symbols }: Wish, held: Subscriptions): boolean {
  return channels.every((channel) => symbols.every((symbol) => held.holds(channel, symbol)));
}

function holdsAny({ channels, symbols }: Wish, held: Subscriptions): boolean {
  return channels.some((channel) => symbols.some((symbol) => held.holds(channel, symbol)));
}
