import type { IsoDate } from '../../../../market/civil-date.ts';

/** What the name of an option says: `AAPL260918C00230000` is a call on AAPL at 230 dollars until 2026-09-18 (OCC's 21 letters). */
export interface OptionContract {
  readonly root: string;
  readonly expires: IsoDate;
  readonly type: 'call' | 'put';
  /** In dollars. */
  readonly strike: number;
}

const shape = /^([A-Z0-9.]{1,6}?)(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/;

export function contractOf(symbol: string): OptionContract | undefined {
  const [, root, year, month, day, letter, thousandths] = shape.exec(symbol) ?? [];
  if (root === undefined) return undefined;
  return {
    root,
    expires: `20${year}-${month}-${day}`,
    type: letter === 'C' ? 'call' : 'put',
    strike: Number(thousandths) / 1000,
  };
}
