import { encode, decode } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exchanged, padded, piecesOf } from '../../../server/payload/index.ts';

const scalar = fc.oneof(
  fc.integer({ min: -1_000_000, max: 4_000_000_000 }),
  // No minus zero: neither spelling keeps it.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(true, false, null),
);
const field = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(fc.string({ maxLength: 4 }), scalar));
const objects = fc.array(fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), field, { maxKeys: 18 }), {
  maxLength: 4,
});

const spellings = {
  JSON: (value: unknown) => Buffer.from(JSON.stringify(value)),
  MessagePack: (value: unknown) => Buffer.from(encode(value)),
};
const readings = {
  JSON: (payload: Buffer): unknown => JSON.parse(payload.toString()),
  MessagePack: (payload: Buffer): unknown => decode(payload),
};

for (const spelling of ['JSON', 'MessagePack'] as const) {
  const spell = spellings[spelling];
  const read = readings[spelling];

  test(`every object of a ${spelling} payload is found, and every number in it`, () => {
    fc.assert(
      fc.property(objects, (list) => {
        const pieces = piecesOf(spell(list));
        expect(pieces).toHaveLength(list.length);
        for (const [index, { leaves }] of pieces.entries()) {
          const numbers = leaves.filter(({ kind }) => kind === 'number').map(({ text }) => Number(text));
          expect(numbers).toEqual(scalarsOf(list[index]).filter((value) => typeof value === 'number'));
          expect(leaves).toHaveLength(scalarsOf(list[index]).length);
        }
      }),
    );
  });

  test(`a single object is a ${spelling} payload of one piece`, () => {
    expect(piecesOf(spell({ price: 231.47, symbol: 'AAPL' }))).toHaveLength(1);
  });

  test(`one value of a ${spelling} payload is exchanged, and nothing else`, () => {
    const payload = spell([
      { T: 't', S: 'ÄÖ', p: 231.47, c: ['@'] },
      { T: 't', p: 5 },
    ]);
    const leaf = piecesOf(payload)[0]?.leaves.find(({ kind }) => kind === 'number');
    if (leaf === undefined) expect.fail('no number found');
    const said = (value: Parameters<typeof exchanged>[2]): unknown => read(exchanged(payload, [leaf], value));
    const withPrice = (p: unknown): unknown => [
      { T: 't', S: 'ÄÖ', p, c: ['@'] },
      { T: 't', p: 5 },
    ];
    expect(said(() => ({ text: '231.47' }))).toEqual(withPrice('231.47'));
    expect(said(() => ({ number: -1.5 }))).toEqual(withPrice(-1.5));
    expect(said(() => 'null')).toEqual(withPrice(null));
  });

  test(`a ${spelling} payload of any size says the same when it is padded`, () => {
    fc.assert(
      fc.property(objects, fc.integer({ min: 0, max: 100_000 }), (list, size) => {
        const payload = spell(list);
        const longer = padded(payload, size);
        if (list.length > 0 && size > payload.length) expect(longer.length).toBeGreaterThanOrEqual(size);
        else expect(longer).toBe(payload);
        const [last, said] = [list.at(-1) ?? {}, read(longer)];
        if (spelling === 'JSON') expect(said).toEqual(JSON.parse(JSON.stringify(list)));
        else
          expect(said).toEqual([...list.slice(0, -1), ...(list.length === 0 ? [] : [expect.objectContaining(last)])]);
      }),
    );
  });

  test(`a ${spelling} payload that breaks off holds nothing, and throws nothing`, () => {
    fc.assert(
      fc.property(objects, fc.double({ min: 0, max: 0.99, noNaN: true }), (list, share) => {
        const whole = spell([...list, {}]);
        expect(piecesOf(whole.subarray(0, Math.floor(whole.length * share)))).toEqual([]);
      }),
    );
  });

  test(`a ${spelling} payload whose bytes are flipped throws nothing`, () => {
    fc.assert(
      fc.property(objects, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), (list, flips) => {
        const payload = spell(list);
        for (const [at, byte] of flips) payload[at % payload.length] = byte;
        expect(piecesOf(payload).length).toBeLessThanOrEqual(payload.length);
      }),
    );
  });
}

test('NaN is a bare word in JSON and a float in MessagePack', () => {
  const nan = (payload: Buffer): Buffer =>
    exchanged(payload, piecesOf(payload)[0]?.leaves.slice(-1) ?? [], () => 'nan');
  expect(nan(Buffer.from('[{"p":1.5}]')).toString()).toBe('[{"p":NaN}]');
  expect(decode(nan(Buffer.from(encode([{ p: 1.5 }]))))).toEqual([{ p: Number.NaN }]);
});

/** The values in an object, in order, names of fields left out. */
function scalarsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(scalarsOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(scalarsOf) : [value];
}
