import { Chance, keyOf } from '../../market/chance.ts';
import type { Nanos } from '../../market/event.ts';
import { type ChosenFault, countedOneByOne } from '../faults/index.ts';
import type { Rule, Step, Target } from '../scenario/steps.ts';

/** What a step or a rule has set going. */
export interface InjectionTerms {
  /** Id of the step, or of the rule. */
  readonly step: string;
  readonly source: Step | Rule;
  readonly began: { readonly wall: Nanos; readonly tape: Nanos };
  readonly fault: ChosenFault;
  readonly target: Target;
  /** Aimed at these sessions alone, by their numbers, or at the first that comes; at all that the target names when absent. */
  readonly sessions: ReadonlySet<number> | 'first' | undefined;
  /** The session that has set it off, at which alone it is aimed. */
  readonly by: number | undefined;
  /** How often it strikes at most. */
  readonly times: number;
  readonly probability: number;
  readonly per: 'message' | 'connection';
  /** Its durations are wall time whatever the speed. */
  readonly realtime: boolean;
  /** Which occurrence of its rule this is, from 0; each draws from a stream of its own. */
  readonly occurrence: number;
  /** The scenario's. */
  readonly seed: number;
}

/** A client as a target may name it. */
export interface Aim {
  /** 0: it asks over HTTP. */
  readonly session: number;
  readonly exchange: string;
  readonly path: string;
  /** The key it has shown; empty where it asks over HTTP without a good one. */
  readonly key: string | undefined;
}

/** How a rule is set off. */
export interface Outset {
  /** By whom, if by a client. */
  readonly by: Aim | undefined;
  readonly occurrence: number;
  /** It strikes just once. */
  readonly once: boolean;
  readonly probability?: number;
}

/** What streams of chance are for. */
const purposes = { fault: 0, probability: 1 } as const;

/** A stream of draws of its own for each step, session, occurrence and purpose. */
export function chanceOf(
  { seed, step, occurrence, per }: Pick<InjectionTerms, 'seed' | 'step' | 'occurrence' | 'per'>,
  purpose: keyof typeof purposes,
  session: number,
): Chance {
  // What is drawn once for a connection holds for every occurrence.
  const moment = purpose === 'probability' && per === 'connection' ? 0 : occurrence;
  return new Chance().reset(keyOf(step, seed), session, moment * 2 + purposes[purpose]);
}

/** Whether a rule strikes just once each time it is set off, unless it is said to last. */
export function strikesOnce(rule: Rule, { counts, momentary }: ChosenFault): boolean {
  if (rule.for !== undefined) return false;
  return momentary || (countedOneByOne(counts) && rule.when !== undefined && rule.when.rate === undefined);
}

/** Whom it is aimed at; a rule that a request has set off is aimed at its client. */
export function targetOf({ target = {} }: Step | Rule, by: Aim | undefined): Target {
  return by?.session === 0 && by.key !== undefined ? { ...target, key: by.key } : target;
}

/** Whether an endpoint as a target names it, `alpaca` or `alpaca/v2/iex`, holds a path of an exchange. */
export function isAt(endpoint: string | undefined, exchange: string, path: string): boolean {
  if (endpoint === undefined) return true;
  const place = `${exchange}${path}`;
  return (
    place === endpoint || (place.startsWith(endpoint) && (endpoint.endsWith('/') || place[endpoint.length] === '/'))
  );
}
