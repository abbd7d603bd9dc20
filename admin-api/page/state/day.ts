import { signal } from '@preact/signals';
import type { VolumeBar } from '../charts/volume-chart.ts';

/** A fault that the scenario plans at an instant of the market. */
export interface Mark {
  readonly at: number;
  readonly id: string;
  readonly sentence: string;
}

/** A tape as it is drawn. Milliseconds since 1970. */
export interface DrawnDay {
  readonly from: number;
  readonly to: number;
  readonly bars: readonly VolumeBar[];
  readonly marks: readonly Mark[];
}

/** The tape of the run that is shown; absent before it was read. */
export const day = signal<DrawnDay | undefined>(undefined);
