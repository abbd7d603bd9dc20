/** A value for each price, or none while there are too few before it. */
export type Line = readonly (number | undefined)[];

/** Mean of the last `window` prices. */
export function simpleAverage(prices: readonly number[], window: number): Line {
  let sum = 0;
  return prices.map((price, index) => {
    sum += price - (prices[index - window] ?? 0);
    return index < window - 1 ? undefined : sum / window;
  });
}

/**
 * Begins with the mean of the first `window` prices; each one after weighs 2 / (window + 1). So it was computed by the vendor on 1 November 2016:
 * its published EMA(5) of AAPL follows from the five closes before (test data of the official Python client).
 */
export function exponentialAverage(prices: Line, window: number): Line {
  const weight = 2 / (window + 1);
  let [sum, count] = [0, 0];
  let average: number | undefined;
  return prices.map((price) => {
    if (price === undefined) return undefined;
    if (average !== undefined) return (average += weight * (price - average));
    sum += price;
    if (++count === window) average = sum / window;
    return average;
  });
}

/** Wilder's relative strength: the mean rise of `window` prices against the mean fall, both smoothed from then on. 100 where nothing fell. */
export function relativeStrength(prices: readonly number[], window: number): Line {
  let [rise, fall] = [0, 0];
  return prices.map((price, index) => {
    if (index === 0) return undefined;
    const change = price - (prices[index - 1] ?? price);
    const weight = index <= window ? 1 / index : 1 / window;
    rise += weight * (Math.max(change, 0) - rise);
    fall += weight * (Math.max(-change, 0) - fall);
    if (index < window) return undefined;
    return fall === 0 ? 100 : 100 - 100 / (1 + rise / fall);
  });
}

/** The short average less the long one, an average of that, and by how much it is above it. */
export function convergence(
  prices: readonly number[],
  windows: { readonly short: number; readonly long: number; readonly signal: number },
): Readonly<Record<'value' | 'signal' | 'histogram', Line>> {
  const short = exponentialAverage(prices, windows.short);
  const value = exponentialAverage(prices, windows.long).map((long, index) => less(short[index], long));
  const signal = exponentialAverage(value, windows.signal);
  return { value, signal, histogram: value.map((one, index) => less(one, signal[index])) };
}

const less = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one - other;
