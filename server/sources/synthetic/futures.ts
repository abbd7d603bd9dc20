/** What is known of a future before a scenario says more, by the root of its symbol. */
export interface Root {
  readonly price: number;
  readonly volatility: number;
  readonly weight: number;
  /** Those on share indices move with the shares. */
  readonly movesWith?: 'stocks';
  /** Smallest step of its price, as its exchange sets it (contract specifications of CME Group). */
  readonly tick: number;
}

const onShares = { movesWith: 'stocks' } as const;
const roots: Readonly<Record<string, Root>> = {
  ES: { price: 6_248.25, volatility: 0.17, weight: 1.5, tick: 0.25, ...onShares },
  NQ: { price: 22_870.5, volatility: 0.22, weight: 1.3, tick: 0.25, ...onShares },
  YM: { price: 44_410, volatility: 0.15, weight: 0.6, tick: 1, ...onShares },
  RTY: { price: 2_191.4, volatility: 0.24, weight: 0.6, tick: 0.1, ...onShares },
  CL: { price: 66.4, volatility: 0.35, weight: 0.9, tick: 0.01 },
  NG: { price: 3.412, volatility: 0.55, weight: 0.4, tick: 0.001 },
  GC: { price: 3_342.6, volatility: 0.16, weight: 0.7, tick: 0.1 },
  SI: { price: 36.285, volatility: 0.28, weight: 0.4, tick: 0.005 },
  ZN: { price: 111.75, volatility: 0.06, weight: 0.6, tick: 1 / 64 },
  ZB: { price: 114.5, volatility: 0.1, weight: 0.4, tick: 1 / 32 },
  '6E': { price: 1.1802, volatility: 0.08, weight: 0.5, tick: 0.00005 },
};
/** Root, letter of the delivery month, and the last one or two digits of its year: `ESZ6`. */
const shape = /^([A-Z0-9]{2,3})[FGHJKMNQUVXZ]\d{1,2}$/;

/** The root of a symbol that looks like a future; `undefined` when it does not, or nobody knows the root. */
export function rootOf(symbol: string): Root | undefined {
  const [, root = ''] = shape.exec(symbol) ?? [];
  return roots[root];
}
