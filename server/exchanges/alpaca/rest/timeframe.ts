import { type BarLength, isBarLength } from '../../../../market/bucket.ts';

/** What a request asks for: bars of one length, made of bars of minutes or of days. */
export interface Timeframe {
  readonly length: BarLength;
  readonly base: 'minute' | 'day';
}

const shape = /^(\d{1,2})(Min|T|Hour|H|Day|D|Week|W|Month|M)$/;
const units: Readonly<Record<string, string>> = {
  Min: 'm',
  T: 'm',
  Hour: 'h',
  H: 'h',
  Day: 'd',
  D: 'd',
  Week: 'w',
  W: 'w',
  Month: 'M',
  M: 'M',
};

/** Reads `1Min`, `15T`, `4Hour`, `1Day`, `3Month` (sheet §7); `undefined` for what Alpaca does not offer. */
export function parseTimeframe(text: string): Timeframe | undefined {
  const [, count = '', name = ''] = shape.exec(text) ?? [];
  const unit = units[name];
  const length = `${count}${unit}`;
  if (unit === undefined || !isBarLength(length)) return undefined;
  return { length, base: unit === 'm' || unit === 'h' ? 'minute' : 'day' };
}
