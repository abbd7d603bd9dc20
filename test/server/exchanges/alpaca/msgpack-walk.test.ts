import { encode } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPacked } from '../../../../server/exchanges/alpaca/msgpack-heard.ts';
import { readMsgpack } from '../../../../server/exchanges/alpaca/msgpack-reader.ts';
import { MalformedMsgpack } from '../../../../server/exchanges/alpaca/msgpack-walk.ts';

const readers = [
  ['of clients', readMsgpack],
  ['of recordings', readPacked],
] as const;

test.each(readers)('the reader %s takes any bytes, or refuses them as malformed', (_, read) => {
  const whole = fc.jsonValue().map((value) => encode(value));
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 64 }), whole);
  fc.assert(
    fc.property(bytes, fc.integer({ min: 0, max: 64 }), fc.nat(255), (given, at, byte) => {
      const bent = Buffer.from(given);
      if (at < bent.length) bent[at] = byte;
      try {
        read(bent);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedMsgpack);
      }
    }),
    { numRuns: 2000 },
  );
});

test.each(readers)(
  'the reader %s refuses lists in lists without end, and counts that nothing stands behind',
  (_, read) => {
    expect(() => read(Buffer.alloc(100_000, 0x91))).toThrow(/nested deeper/);
    for (const head of [0xc6, 0xc9, 0xdb, 0xdd, 0xdf]) {
      expect(() => read(Buffer.from([head, 0xff, 0xff, 0xff, 0xff]))).toThrow('ends too early');
    }
    expect(() => read(Buffer.from([0xc1]))).toThrow('starts no value');
    expect(() => read(Buffer.from([0xc0, 0xc0]))).toThrow('1 bytes too many');
  },
);

test('a frame whose fields are named by lists or maps is malformed to a recorder', () => {
  const map = Buffer.from([0x81, ...encode({ toString: 1 }), 0x01]);
  expect(() => readPacked(map)).toThrow(MalformedMsgpack);
});
