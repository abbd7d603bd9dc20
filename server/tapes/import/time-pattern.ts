import { TapeError } from '../../sources/source.ts';
import { refuse } from './columns.ts';
import { type Moment, offsetOf, wallTime } from './instants.ts';

const epochs: Readonly<Record<string, bigint>> = {
  'epoch-s': 1_000_000_000n,
  'epoch-ms': 1_000_000n,
  'epoch-us': 1000n,
  'epoch-ns': 1n,
};
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** What each sign stands for, as in strptime. A month's name may be short or long, an hour may lack its leading zero. */
const signs: Readonly<Record<string, string>> = {
  Y: String.raw`(?<Y>\d{4})`,
  m: String.raw`(?<m>\d{1,2})`,
  d: String.raw`(?<d>\d{1,2})`,
  b: String.raw`(?<b>[A-Za-z]{3})[a-z]*\.?`,
  H: String.raw`(?<H>\d{1,2})`,
  I: String.raw`(?<I>\d{1,2})`,
  M: String.raw`(?<M>\d{2})`,
  S: String.raw`(?<S>\d{2})`,
  f: String.raw`(?<f>\d{1,9})\d*`,
  p: String.raw`(?<p>[AaPp])\.?[Mm]\.?`,
  z: String.raw`(?<z>Z|UTC|[+-]\d\d(?::?\d\d)?)`,
  '%': '%',
};

/**
 * A reader of times written in a pattern: strptime's `%Y %m %d %b %H %I %M %S %f %p %z`, or `epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`.
 * Throws a `TapeError` for a pattern it cannot follow; the reader throws a `BadRow`.
 */
export function timePattern(pattern: string): (text: string, name: string) => Moment {
  const unit = epochs[pattern];
  if (unit !== undefined) return (text, name) => epochMoment(text, unit, name);
  const shape = shapeOf(pattern);
  return (text, name) => {
    const parts = shape.exec(text)?.groups;
    if (parts === undefined) return refuse(`${name} is not written as ${pattern}`, text);
    const { Y = '', m, d = '1', b, H, I, M = '0', S = '0', f = '', p, z } = parts;
    const month = m === undefined ? months.indexOf((b ?? '').toLowerCase()) + 1 : Number(m);
    const hour = I === undefined ? Number(H ?? 0) : (Number(I) % 12) + (p?.toLowerCase() === 'p' ? 12 : 0);
    const wall = wallTime(Number(Y), month, Number(d), hour, Number(M), Number(S), f);
    if (wall === undefined) return refuse(`${name} is no time`, text);
    return { nanos: wall - offsetOf(z), naive: z === undefined, day: H === undefined && I === undefined };
  };
}

function epochMoment(text: string, unit: bigint, name: string): Moment {
  if (!/^\d{1,19}(?:\.\d+)?$/.test(text)) refuse(`${name} is no count since 1970`, text);
  const [whole = '0', fraction = ''] = text.split('.');
  const rest = (BigInt(fraction.slice(0, 9).padEnd(9, '0')) * unit) / 1_000_000_000n;
  return { nanos: BigInt(whole) * unit + rest, naive: false, day: false };
}

function shapeOf(pattern: string): RegExp {
  const used: string[] = [];
  const source = pattern.replaceAll(/%(.)|[^%]/g, (piece: string, sign: string | undefined) => {
    if (sign === undefined) return piece.replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`);
    used.push(sign);
    return signs[sign] ?? complain(pattern, `%${sign} is not known`);
  });
  if (!used.includes('Y') || !(used.includes('m') || used.includes('b')))
    complain(pattern, 'the year or the month is missing');
  if (new Set(used).size !== used.length) complain(pattern, 'a part comes twice');
  return new RegExp(`^${source}$`);
}

function complain(pattern: string, why: string): never {
  throw new TapeError(
    `--time-format ${pattern}: ${why}; use %Y %m %d %b %H %I %M %S %f %p %z, such as '%m/%d/%Y %H:%M', or ${Object.keys(epochs).join(', ')}`,
  );
}
