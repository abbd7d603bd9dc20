import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import { openExchanges } from '../../server/exchanges/index.ts';
import { ByteWriter, type Encoder, type Heard, type Wire } from '../../server/exchanges/exchange.ts';

/** The way of talking on a path of an exchange with its default switches. */
export function wireOn(exchange: 'alpaca' | 'polygon' | 'twelvedata', path: string, packed = false): Wire {
  const opened = openExchanges(undefined).find(({ name }) => name === exchange);
  const stream = opened?.streams.find((one) => one.path === path);
  if (stream === undefined) throw new Error(`${exchange} has no ${path}`);
  return stream.wire(packed ? { 'content-type': 'application/msgpack' } : {});
}

/** One frame as the exchange sends it. */
export function spelt(encoder: Encoder, events: readonly MarketEvent[]): Buffer {
  const out = new ByteWriter(256);
  encoder.open(events.length, out);
  events.forEach((event, index) => {
    if (index > 0) encoder.separate(out);
    encoder.event(event, 0n, out);
  });
  encoder.close(out);
  return Buffer.from(out.bytes.subarray(0, out.length));
}

/** What a recorder hears of a frame. */
export function heardOf(wire: Wire, frame: Buffer): readonly Heard[] {
  if (wire.hear === undefined) throw new Error('this exchange is not recorded');
  return wire.hear(frame);
}

type Model<Given> = { [Field in keyof Given]: fc.Arbitrary<Given[Field]> };

/** Events made of arbitrary fields. */
export const made = <Given extends object>(
  model: Model<Given>,
  make: (given: Given) => MarketEvent,
): fc.Arbitrary<MarketEvent> => fc.record<Given>(model, { noNullPrototype: true }).map(make);

const nanos = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n });
const floored = (unit: Nanos) => nanos.map((at) => at - (at % unit));
const price = fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value + 0);
/** Amounts as the market has them: a wire that spells them as decimal text has no more decimals than twelve. */
const amount = fc.nat(2 ** 52).map((micros) => micros / 1e6);
const whole = fc.nat(0xffffffff);
const id = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String);
const letters = fc.array(fc.constantFrom('@', 'I', 'T', ' '), { maxLength: 3 });

/** Values of the fields of events, as wires can carry them. */
export const any = {
  text: fc.string({ minLength: 1, maxLength: 12 }),
  symbol: fc.stringMatching(/^[A-Z]{1,5}$/),
  pair: fc.constantFrom('BTC/USD', 'ETH/USD', 'SOL/USDT'),
  contract: fc.constantFrom('SPY261218C00650000', 'AAPL260116P00200000'),
  price,
  amount,
  whole,
  nanos,
  millis: floored(1_000_000n),
  seconds: floored(1_000_000_000n),
  minutes: floored(60_000_000_000n),
  id,
  letter: fc.constantFrom('A', 'P', 'Q', 'V', ' '),
  letters,
  tape: fc.constantFrom('A' as const, 'B' as const, 'C' as const),
  taker: fc.constantFrom('buy' as const, 'sell' as const, undefined),
  levels: fc.array(fc.record({ price, size: price }, { noNullPrototype: true }), { maxLength: 4 }),
  print: fc.record({ id, price, size: whole, conditions: letters }, { noNullPrototype: true }),
  prices: { open: price, high: price, low: price, close: price },
};

export const maybe = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(values, { nil: undefined });

/** Holds a wire to hearing each event as it was, and to spelling what it heard as it was spelt. */
export function holdHeard(
  wire: Wire,
  events: fc.Arbitrary<MarketEvent>,
  carried = (event: MarketEvent): object => event,
): void {
  fc.assert(
    fc.property(events, (event) => {
      const frame = spelt(wire.encoder, [event]);
      const heard = heardOf(wire, frame);
      const wanted: unknown = expect.objectContaining(carried(event));
      expect(heard.map(({ meaning }) => meaning)).toEqual([
        { kind: 'event', published: !('start' in event), event: wanted },
      ]);
      const again = heard.flatMap(({ meaning }) => (meaning.kind === 'event' ? [meaning.event] : []));
      expect(spelt(wire.encoder, again).toString('latin1')).toBe(frame.toString('latin1'));
    }),
    { numRuns: 60 },
  );
}
