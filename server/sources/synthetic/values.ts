import type { Value } from '../../../market/event.ts';
import { Chance } from '../../../market/chance.ts';
import type { Prices } from './course.ts';
import type { Instrument } from './instrument.ts';
import { toNanos } from './trading-hours.ts';

const purpose = 5;

/** Makes the values of an index in one second, evenly spread as an index is disseminated. The course must stand at that second. */
export function makeValues(
  { symbol, market, key, valueRate, stepsPerUnit }: Instrument,
  course: Prices,
  second: number,
  add: (offset: number, value: Value) => void,
): void {
  const chance = new Chance().reset(key, second, purpose);
  const count = Math.floor(valueRate + chance.next());
  const base = toNanos(second);
  for (let index = 0; index < count; index++) {
    const offset = Math.floor(((index + chance.next()) / count) * 1e9);
    const value = Math.max(1, Math.round(course.middle(offset))) / stepsPerUnit;
    add(offset, { kind: 'value', market, symbol, at: base + BigInt(offset), value });
  }
}
