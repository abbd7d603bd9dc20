import { signal } from '@preact/signals';
import type { DayView } from '../../sdk/index.ts';
import type { VolumeBar } from '../charts/volume-chart.ts';
import { api } from './api.ts';
import { run } from './run.ts';

/** A fault that the scenario plans at an instant of the market. */
export interface Mark {
  readonly at: number;
  readonly id: string;
  readonly sentence: string;
}

/** A day of the tape as it is drawn. Milliseconds since 1970. */
export interface DrawnDay {
  /** Of which run, opened when. */
  readonly of: string;
  readonly from: number;
  readonly to: number;
  readonly bars: readonly VolumeBar[];
  readonly marks: readonly Mark[];
}

/** The day that is under the needle of the run that is shown; absent before it was read. */
export const day = signal<DrawnDay | undefined>(undefined);
let asked = '';

/** Reads the day under the needle, unless it is known: that takes a while, since the whole day passes by. */
export async function readDay(): Promise<void> {
  const { value } = run;
  if (value === undefined) return;
  const of = `${value.id} ${value.opened}`;
  const at = Date.parse(value.position ?? value.from);
  const known = day.value;
  if (known?.of === of && at >= known.from && at <= known.to) return;
  if (known?.of !== of) day.value = undefined;
  const wanted = `${of} ${new Date(at).toDateString()}`;
  if (asked === wanted) return;
  asked = wanted;
  try {
    const view = await api.value.getDay({}, value.id);
    const { id, opened } = run.value ?? {};
    if (`${id} ${opened}` === of) day.value = drawn(of, view);
  } finally {
    asked = '';
  }
}

function drawn(of: string, { from, to, stretches, faults }: DayView): DrawnDay {
  return {
    of,
    from: Date.parse(from),
    to: Date.parse(to),
    bars: stretches.map(({ at, turnover }) => ({ at: Date.parse(at), volume: turnover })),
    marks: faults.map(({ id, at, sentence }) => ({ id, at: Date.parse(at), sentence })),
  };
}
