import { Complaint } from './shell.ts';

/**
 * The whole number that an option's text spells in decimal digits, and nothing else does: `0x3`, `1e2` and ` 3` are refused. Throws a
 * `Complaint` that names the option and what it takes.
 */
export function wholeNumber(
  option: string,
  text: string,
  least = Number.MIN_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const number = /^-?\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(number) && number >= least && number <= most) return number;
  const from = least === Number.MIN_SAFE_INTEGER ? '' : ` from ${least}`;
  const to = most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`;
  throw new Complaint(`${option}: ${text} – expected a whole number${from}${to}`);
}
