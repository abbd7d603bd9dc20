import type { Bar } from '../../market/event.ts';
import { minute } from '../../market/nanos.ts';

/** A bar of the tape that carries the start or the end of its bucket as its time: nobody recorded when it was published. */
export function saysNoMoment({ kind, start, at }: Bar): boolean {
  if (kind === 'updated-bar') return false;
  return at === start || (kind === 'bar' && at === start + minute);
}
