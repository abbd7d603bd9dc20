/** Decimals that the vendor shows where a request names none, and the most it can name (official OpenAPI, `dp`). */
export const usualDecimals = 5;
export const mostDecimals = 11;

/** A number as text with so many decimals. */
export const fixed = (value: number, decimals: number): string => value.toFixed(decimals);

/** A price as text; with as many decimals as it needs, though not fewer than usual, where none are named ("automatically determined"). */
export function priceText(value: number, decimals: number | undefined): string {
  if (decimals !== undefined) return fixed(value, decimals);
  const usual = fixed(value, usualDecimals);
  return Number(usual) === value ? usual : fixed(value, mostDecimals).replace(/0+$/, '');
}

/** Volumes are whole: `624277`. */
export const volumeText = (value: number): string => fixed(Math.round(value), 0);
