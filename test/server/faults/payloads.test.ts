import { decode } from '@msgpack/msgpack';
import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { MarketEvent } from '../../../market/event.ts';
import { jsonEncoder } from '../../../server/exchanges/alpaca/json-encoder.ts';
import { msgpackEncoder } from '../../../server/exchanges/alpaca/msgpack-encoder.ts';
import { ByteWriter } from '../../../server/wire/byte-writer.ts';
import type { Encoder } from '../../../server/exchanges/exchange.ts';
import type { Fault, Placed } from '../../../server/faults/fault.ts';
import { news, opening, quote, trade } from '../../helpers/events.ts';
import { opened } from '../../helpers/rehearse.ts';

const objects = z.array(z.record(z.string(), z.unknown()));
const encoders: Readonly<Record<string, () => Encoder>> = { JSON: jsonEncoder, MessagePack: msgpackEncoder };
const events = [
  trade(opening, { id: '52983' }),
  quote(opening),
  trade(opening, { symbol: 'MSFT', price: 402.5, size: 7 }),
];
/** What was sent of them, and in it only the last was aimed at. */
const lastOnly: readonly Placed[] = [{ event: events[2] ?? trade(opening), place: 2 }];

function payloadOf(encoder: Encoder, list: readonly MarketEvent[] = events): Buffer {
  const out = new ByteWriter(1024);
  encoder.open(list.length, out);
  for (const [index, event] of list.entries()) {
    if (index > 0) encoder.separate(out);
    encoder.event(event, 0n, out);
  }
  encoder.close(out);
  return Buffer.from(out.bytes.subarray(0, out.length));
}
const struck = (fault: Fault, bytes: Buffer, binary: boolean, aimed = lastOnly): Buffer =>
  fault.payload?.(bytes, binary, aimed) ?? expect.fail('does nothing to payloads');

test.each([1, 8, 4096])('corrupting %i bytes flips just so many, or all there are', (bytes) => {
  const payload = payloadOf(jsonEncoder());
  const spoilt = struck(opened({ corrupt: { bytes } }), payload, false);
  expect(spoilt).toHaveLength(payload.length);
  expect(spoilt.filter((byte, at) => byte !== payload[at])).toHaveLength(Math.min(bytes, payload.length));
});

test('a truncated text is shorter and still UTF-8', () => {
  const headline = 'Größe zählt: 株式 📈';
  const payload = Buffer.from(JSON.stringify([{ ...news(opening, { headline }), at: 0, updatedAt: 0 }]));
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (keep) => {
      const spoilt = struck(opened({ truncate: { keep } }), payload, false);
      expect(spoilt.length).toBeLessThan(payload.length);
      expect(spoilt.length).toBeGreaterThan(payload.length * keep - 4);
      expect(isUtf8(spoilt)).toBe(true);
      expect(() => JSON.parse(spoilt.toString()) as unknown).toThrow(SyntaxError);
    }),
  );
});

for (const [name, encoderOf] of Object.entries(encoders)) {
  const binary = name === 'MessagePack';
  const read = (payload: Buffer) => objects.parse(binary ? decode(payload) : JSON.parse(payload.toString()));
  const payload = payloadOf(encoderOf());
  const healthy = read(payload);

  test(`one number of the event aimed at is text in ${name}, everything else is as it was`, () => {
    const spoilt = read(struck(opened({ wrongType: {} }), payload, binary));
    expect(spoilt.slice(0, 2)).toEqual(healthy.slice(0, 2));
    const changed = Object.entries(spoilt[2] ?? {}).filter(
      ([key, value]) => !Object.is(value, healthy[2]?.[key]) && typeof value !== 'object',
    );
    expect(changed).toHaveLength(1);
    const [[key, value] = ['', undefined]] = changed;
    expect(value).toBe(String(healthy[2]?.[key]));
  });

  test(`one text of the event aimed at is a number in ${name}`, () => {
    const spoilt = read(struck(opened({ wrongType: { turn: 'texts' } }), payload, binary));
    const numbers = (one: object | undefined): number =>
      Object.values(one ?? {})
        .flat()
        .filter((v) => typeof v === 'number').length;
    expect(spoilt.slice(0, 2)).toEqual(healthy.slice(0, 2));
    expect(numbers(spoilt[2])).toBe(numbers(healthy[2]) + 1);
  });

  test.each([
    ['null', null],
    ['empty', ''],
    ['negative', -1],
    ['huge', 1e308],
    ...(binary ? [['nan', Number.NaN] as const] : []),
  ] as const)(`the price of the event aimed at is %s in ${name}, and its size stays`, (value, seen) => {
    const spoilt = read(struck(opened({ notANumber: { value } }), payload, binary));
    expect(spoilt).toEqual([...healthy.slice(0, 2), { ...healthy[2], p: seen }]);
  });

  test(`both prices of a quote are none in ${name}`, () => {
    const aimed = [{ event: events[1] ?? quote(opening), place: 1 }];
    const spoilt = read(struck(opened({ notANumber: {} }), payload, binary, aimed));
    expect(spoilt[1]).toEqual({ ...healthy[1], bp: null, ap: null });
  });

  test(`an event of a type that nobody knows is otherwise as it was in ${name}`, () => {
    const spoilt = read(struck(opened({ unknownEvent: {} }), payload, binary));
    expect(spoilt).toEqual([...healthy.slice(0, 2), { ...healthy[2], T: 'unknown' }]);
  });

  test(`an oversized message says the same in ${name}`, () => {
    const spoilt = struck(opened({ oversize: { size: '64KiB' } }), payload, binary);
    expect(spoilt.length).toBeGreaterThanOrEqual(64 * 1024);
    expect(spoilt.length).toBeLessThan(64 * 1024 + 32);
    expect(read(spoilt)).toMatchObject(healthy);
    expect(struck(opened({ oversize: { size: '1KiB' } }), spoilt, binary)).toBe(spoilt);
  });

  test(`what is broken already is left as it is in ${name}`, () => {
    const broken = payload.subarray(0, payload.length - 3);
    for (const inject of [{ wrongType: {} }, { notANumber: {} }, { unknownEvent: {} }, { oversize: {} }]) {
      expect(struck(opened(inject), broken, binary)).toBe(broken);
    }
  });
}

test('NaN is the bare word in JSON, which no strict parser takes', () => {
  const spoilt = struck(opened({ notANumber: { value: 'nan' } }), payloadOf(jsonEncoder()), false).toString();
  expect(spoilt).toContain('"p":NaN,');
  expect(() => JSON.parse(spoilt) as unknown).toThrow(SyntaxError);
});

test('a single object a frame is spoilt like one of many', () => {
  const event = trade(opening, { symbol: 'EUR/USD', market: 'forex', price: 1.0834 });
  const payload = Buffer.from('{"event":"price","symbol":"EUR/USD","price":1.0834}');
  const spoilt = struck(opened({ notANumber: { value: 'empty' } }), payload, false, [{ event, place: 0 }]);
  expect(spoilt.toString()).toBe('{"event":"price","symbol":"EUR/USD","price":""}');
});
