import { signal } from '@preact/signals';
import type { BarView } from '../../sdk/index.ts';
import type { PriceBar } from '../charts/price-chart.ts';
import { api } from './api.ts';
import { run } from './run.ts';

/** Symbols of the tape of the run that is shown. */
export const symbols = signal<readonly string[]>([]);
/** The symbol that is drawn. */
export const symbol = signal<string | undefined>(undefined);
/** Its bars up to the needle, a minute each, oldest first. */
export const bars = signal<readonly PriceBar[]>([]);

/** Whether the bars of that symbol have been read. */
export const areRead = signal(false);

/** What `symbols` and `bars` are of. */
let [symbolsOf, barsOf] = ['', ''];
/** Where the needle was when bars were read last. */
let readAt = '';

/** Reads the bars that have come since they were read last; all of them when the needle went back. */
export async function readBars(): Promise<void> {
  const { value } = run;
  if (value === undefined) return;
  const { id, opened, position = '' } = value;
  const of = `${id} ${opened}`;
  if (symbolsOf !== of) {
    const listed = await api.value.listSymbols(id);
    symbolsOf = of;
    symbols.value = [...new Set(listed.map((one) => one.symbol))];
    if (!symbols.value.includes(symbol.value ?? '')) symbol.value = symbols.value[0];
  }
  const wanted = symbol.value;
  if (wanted === undefined) return;
  const isOther = barsOf !== `${of} ${wanted}`;
  if (isOther) areRead.value = false;
  // Bars come with the minute, and some a while later.
  if (!isOther && position.slice(0, 16) === readAt.slice(0, 16)) return;
  const isBack = position < readAt;
  const last = isOther || isBack ? undefined : bars.value.at(-2);
  const since = last === undefined ? {} : { since: new Date(last.at).toISOString() };
  const fresh = (await api.value.listBars({ symbol: wanted, limit: 2000, ...since }, id)).map(priceBar);
  if (symbol.value !== wanted || run.value?.id !== id) return;
  areRead.value = true;
  [barsOf, readAt] = [`${of} ${wanted}`, position];
  bars.value = last === undefined ? fresh : [...bars.value.filter(({ at }) => at < last.at), ...fresh];
}

const priceBar = ({ at, ...rest }: BarView): PriceBar => ({ at: Date.parse(at), ...rest });
