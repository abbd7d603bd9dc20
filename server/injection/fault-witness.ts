import type { FaultLine } from './fault-log.ts';
import type { Guide } from './guide.ts';

/** What the injector tells of its work. */
export interface FaultWitness extends Pick<Guide, 'lost' | 'found'> {
  /** A step begins, strikes, or is over. */
  fault(line: Omit<FaultLine, 'times' | 'to'>): void;
}
