import { chosenFault } from '../faults/index.ts';
import type { Rule, Step } from './steps.ts';

/** A part of a target that its fault never looks at, and why. */
export interface Aimless {
  readonly part: 'key' | 'sessions' | 'symbols' | 'channels';
  readonly why: string;
}

/** What concerns a connection as a whole, whatever it hears. */
const ofConnections = ['connection', 'upgrade', 'login', 'ping', 'reply'];

/** The parts of a target that would be passed over in silence, so that more would be struck than its writer means, or nobody. */
export function aimlessParts({ inject, target = {}, ...step }: Step | Rule): readonly Aimless[] {
  if (Object.keys(inject).length !== 1) return [];
  const { name, counts, whole, early } = chosenFault(inject);
  const { connection, message, rate } = ('when' in step && step.when) || {};
  if (target.key !== undefined && (early || connection !== undefined)) {
    const what = early ? `${name} strikes` : 'a connection is counted';
    const why = `${what} before a client has shown its key; leave it out, or name an endpoint`;
    return [{ part: 'key', why }];
  }
  if (counts === 'request') {
    const why = `${name} strikes requests over HTTP, which are of no session; leave it out, or name a key`;
    return target.sessions === undefined ? [] : [{ part: 'sessions', why }];
  }
  // There the target says what is counted.
  if (!(whole || ofConnections.includes(counts)) || message !== undefined || rate !== undefined) return [];
  const why = `${name} strikes a connection as a whole, whatever it hears; leave it out, or name sessions, a key or an endpoint`;
  return (['symbols', 'channels'] as const).flatMap((part) => (target[part] === undefined ? [] : [{ part, why }]));
}
