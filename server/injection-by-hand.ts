import type { Nanos } from '../market/event.ts';
import type { Exchange, History } from './exchanges/exchange.ts';
import type { Keys } from './keys.ts';
import { type GivenInjection, type InjectionInput, readInjection } from './scenario/injection-now.ts';
import { printPath, type Problem, ScenarioError } from './scenario/problem.ts';
import type { Scenario } from './scenario/schema.ts';
import { objectionsToAims, objectionsToSteps } from './step-objections.ts';

/** What plays, for whom and where: all by which one can tell whether a fault could strike. */
interface Stage {
  readonly scenario: Scenario;
  readonly exchanges: readonly Exchange[];
  readonly keys: Keys;
  readonly listed: History['listed'];
  readonly span: { readonly from: Nanos; readonly to: Nanos };
}

/**
 * Reads a fault that is to begin in a run at once, and looks whether it could strike anybody there. Throws a `ScenarioError` that lists
 * everything wrong with it.
 */
export async function injectionFor(input: InjectionInput, stage: Stage): Promise<GivenInjection> {
  const given = readInjection(input);
  const { scenario, exchanges, keys, listed, span } = stage;
  const step = { ...given, id: 'now' };
  const its: Scenario = {
    ...scenario,
    keys: keys.isOpen ? undefined : [...keys.listed],
    timeline: [step],
    rules: [],
    expect: [],
  };
  const symbols = new Set(listed.map(({ symbol }) => symbol));
  const objections = [
    ...(await objectionsToAims(its, exchanges)),
    ...objectionsToSteps(its, { ...span, symbols, holdsNews: false }, () => undefined),
  ];
  if (objections.length === 0) return given;
  throw new ScenarioError(
    objections.map(({ path: [, , ...path], message, wayOut }): Problem => {
      return { place: { variable: 'fault' }, path: printPath(path), value: undefined, message, wayOut };
    }),
  );
}
