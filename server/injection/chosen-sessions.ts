import { type InjectionTerms, isAt } from './injection-terms.ts';
import type { Ordeal } from './ordeal.ts';
import type { Rule, Step } from '../scenario/steps.ts';

/** The sessions, of those there are, that a step is aimed at by number; all when absent. */
export function chosenSessions(
  { target = {} }: Pick<Step | Rule, 'target'>,
  ordeals: Iterable<Ordeal>,
): InjectionTerms['sessions'] {
  const { sessions, endpoint, key: wanted } = target;
  if (sessions === undefined || Array.isArray(sessions)) return sessions && new Set(sessions);
  const open = [...ordeals].filter(
    ({ isOpen, exchange, path, key }) => isOpen && isAt(endpoint, exchange, path) && (wanted ?? key) === key,
  );
  // Who comes first is the oldest, and the newest, when nobody is there.
  const chosen = sessions === 'oldest' ? open[0] : open.at(-1);
  return chosen === undefined ? 'first' : new Set([chosen.session]);
}
