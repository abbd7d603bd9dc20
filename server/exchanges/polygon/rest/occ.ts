/** What the symbol of an option says. */
export interface Contract {
  /** Symbol of what it is an option on: `SPY`. */
  readonly underlying: string;
  /** `2026-12-18`. */
  readonly expiration: string;
  readonly type: 'call' | 'put';
  readonly strike: number;
}

const shape = /^([A-Z]+\d?)(\d\d)(\d\d)(\d\d)([CP])(\d{8})$/;

/** Reads a symbol of the Options Clearing Corporation, `SPY261218C00650000`; `undefined` for any other. */
export function contractOf(symbol: string): Contract | undefined {
  const [whole, underlying = '', year, month, day, side, strike] = shape.exec(symbol) ?? [];
  if (whole === undefined) return undefined;
  return {
    underlying,
    expiration: `20${year}-${month}-${day}`,
    type: side === 'C' ? 'call' : 'put',
    strike: Number(strike) / 1000,
  };
}
