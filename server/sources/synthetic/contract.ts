/** An option of US stocks, as its OCC symbol says it: `AAPL260918C00230000`. */
export interface Contract {
  readonly underlying: string;
  readonly isCall: boolean;
  readonly strike: number;
  /** The second in which it ends: 16:00 in New York in summer, an hour earlier in winter. */
  readonly expiry: number;
}

const occ = /^([A-Z]{1,6})(\d\d)(\d\d)(\d\d)([CP])(\d{8})$/;

/** The contract that a symbol names; `undefined` when it is no option symbol of a real date. */
export function contractOf(symbol: string): Contract | undefined {
  const [, underlying, year, month, day, right, strike] = occ.exec(symbol) ?? [];
  const expiry = Date.parse(`20${year}-${month}-${day}T20:00:00Z`) / 1000;
  if (underlying === undefined || Number.isNaN(expiry) || Number(strike) === 0) return undefined;
  return { underlying, isCall: right === 'C', strike: Number(strike) / 1000, expiry };
}
