import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteWriter, snippet } from '../../../server/wire/byte-writer.ts';

function written(write: (out: ByteWriter) => void): string {
  const out = new ByteWriter(1);
  write(out);
  return out.bytes.toString('utf8', 0, out.length);
}

/** Another way to the same text: days and seconds by Date, the fraction by padding and trimming. */
function independentRfc3339(at: bigint): string {
  const nanos = ((at % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const wholeSeconds = new Date(Number((at - nanos) / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = nanos.toString().padStart(9, '0').replace(/0+$/, '');
  return fraction === '' ? `${wholeSeconds}Z` : `${wholeSeconds}.${fraction}Z`;
}

const year0 = BigInt(Date.UTC(0, 0, 1)) * 1_000_000n - 59_926_608_000_000_000_000n;
const year9999 = 253_402_300_799_999_999_999n;
const decimals = fc.tuple(fc.integer({ min: 0, max: 5_000_000_000 }), fc.integer({ min: 0, max: 12 }));

test('every finite number is spelled as JSON spells it', () => {
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.integer(),
    fc.maxSafeInteger(),
    decimals.map(([digits, places]) => digits / 10 ** places),
  );
  fc.assert(
    fc.property(numbers, (value) => {
      expect(written((out) => out.number(value))).toBe(JSON.stringify(value));
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  [0],
  [-0],
  [0.000001],
  [0.0000005],
  [9.5e-7],
  [1.0000005],
  [0.1 + 0.2],
  [999_999.999999],
  [3_999_999_999.999999],
  [4_000_000_000.000001],
  [4294967295],
  [4294967296],
  [Number.MAX_SAFE_INTEGER],
  [1e21],
  [5e-324],
  [Number.MAX_VALUE],
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
])('%d is spelled as JSON spells it', (value) => {
  expect(written((out) => out.number(value))).toBe(JSON.stringify(value));
});

test('every instant is spelled in RFC 3339 with its trailing zeros trimmed, whatever was written before', () => {
  const anInstant = fc.oneof(
    fc.bigInt({ min: 0n, max: 4_102_444_800_000_000_000n }),
    fc.bigInt({ min: year0, max: year9999 }),
    fc.bigInt({ min: 0n, max: 4_102_444_800_000n }).map((millis) => millis * 1_000_000n),
    fc.bigInt({ min: 0n, max: 4_102_444_800n }).map((seconds) => seconds * 1_000_000_000n),
  );
  const seconds = fc.bigInt({ min: -2_000_000_000n, max: 2_000_000_000n });
  const days = fc.bigInt({ min: -200_000_000_000_000n, max: 200_000_000_000_000n });
  const neighbours = fc.tuple(anInstant, fc.array(fc.oneof(seconds, days)));
  fc.assert(
    fc.property(neighbours, ([first, offsets]) => {
      const instants = [first, ...offsets.map((offset) => first + offset)].filter(
        (at) => at >= year0 && at <= year9999,
      );
      const text = written((out) => {
        for (const at of instants) {
          out.rfc3339(at);
          out.u8(0x20);
        }
      });
      expect(text).toBe(instants.map((at) => `${independentRfc3339(at)} `).join(''));
    }),
    { numRuns: 3000 },
  );
});

test('any text is spelled as JSON spells it, and as UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(written((out) => out.jsonString(text))).toBe(JSON.stringify(text));
      expect(written((out) => out.utf8(text))).toBe(Buffer.from(text).toString());
    }),
  );
});

test('snippets, ranges and digits of any length stand one after another', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => ({ bytes, write: (out: ByteWriter) => out.put(snippet(bytes)) })),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => ({
      bytes: bytes.subarray(bytes.length >> 1),
      write: (out: ByteWriter) => out.range(Buffer.from(bytes), bytes.length >> 1, bytes.length),
    })),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => ({
      bytes: Buffer.from(`${value}`),
      write: (out: ByteWriter) => out.digits(`${value}`),
    })),
    fc.integer({ min: 0, max: 0xffff }).map((value) => ({
      bytes: Buffer.from([value >> 8, value & 0xff]),
      write: (out: ByteWriter) => out.u16(value),
    })),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const out = new ByteWriter(1);
      for (const { write } of pieces) write(out);
      expect(out.bytes.subarray(0, out.length)).toEqual(Buffer.concat(pieces.map(({ bytes }) => bytes)));
    }),
  );
});

test('a text that is not all digits, or not all ASCII, is refused and leaves nothing behind', () => {
  const out = new ByteWriter(1);
  expect(out.digits('12a')).toBe(false);
  expect(out.digits('')).toBe(false);
  expect(out.asciiOnly('naïve')).toBe(false);
  expect(out.length).toBe(0);
});
