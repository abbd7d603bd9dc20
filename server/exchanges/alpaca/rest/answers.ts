import { ByteWriter, type RestAnswer } from '../../exchange.ts';

/** An answer that is small enough to be spelled from an object. */
export function plain(body: unknown, status = 200): RestAnswer {
  return { status, body: JSON.stringify(body) };
}

/** An answer written as bytes; `expected` of them, more or less. */
export async function written(
  write: (out: ByteWriter) => void | Promise<void>,
  expected = 1 << 13,
): Promise<RestAnswer> {
  const out = new ByteWriter(expected);
  await write(out);
  return { status: 200, body: out.bytes.subarray(0, out.length) };
}

/** A "no" of a route: what is wrong with the request, in Alpaca's words where they are known. */
export function refused(status: number, message: string, code?: number): RestAnswer {
  return plain(code === undefined ? { message } : { code, message }, status);
}

/** Text of an object's key, ready to be written: `"AAPL":`. */
export function keyOf(name: string): string {
  return `${JSON.stringify(name)}:`;
}
