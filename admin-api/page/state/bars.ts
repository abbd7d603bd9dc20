import { signal } from '@preact/signals';
import type { PriceBar } from '../charts/price-chart.ts';

/** Symbols of the tape of the run that is shown. */
export const symbols = signal<readonly string[]>([]);
/** The symbol that is drawn. */
export const symbol = signal<string | undefined>(undefined);
/** Its bars up to the needle, a minute each, oldest first. */
export const bars = signal<readonly PriceBar[]>([]);
