/** A text, or a whole number of so many digits that a double may not hold it. A number with a fraction or an exponent is none. */
const longNumbers = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;
/** Stands before the digits of such a number while they are read; no text of a vendor begins so. */
const mark = '\u0000#';
const marked = /^\0#-?\d+$/;

/**
 * Reads JSON with whole numbers beyond 2^53 as bigint: ids and times in nanoseconds pass it. Throws the `SyntaxError` of `JSON.parse`.
 */
export function parseExactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const quoted = text.replace(longNumbers, (found) => (found.startsWith('"') ? found : `"\\u0000#${found}"`));
  return JSON.parse(quoted, (_, value: unknown) => {
    if (typeof value !== 'string' || !marked.test(value)) return value;
    const whole = BigInt(value.slice(mark.length));
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  });
}
