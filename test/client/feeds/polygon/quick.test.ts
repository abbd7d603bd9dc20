import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hearing } from '../../../helpers/feed-ear.ts';
import { feedOf } from './open.ts';

// What is spelled tightly is read in haste, what has spaces with care: both must hear the same.

const whole = fc.oneof(fc.nat(400), fc.nat());
const number = fc.oneof(
  whole,
  fc.double({ min: 0, max: 1e6, noNaN: true }),
  fc.double({ min: 0.01, max: 999, noNaN: true }),
);
const time = fc.oneof(fc.nat(4_000_000_000_000), fc.constant(1_789_574_220_117));
const ticker = fc.constantFrom('AAPL', 'BRK.B', 'BTC-USD', 'O:SPY261218C00650000');
const text = fc.oneof(ticker, fc.string({ maxLength: 4 }));
const size = fc.constantFrom('120.25', '0.5', '7');
const list = fc.array(fc.nat(60), { maxLength: 3 });
const odd = fc.oneof(
  number,
  text,
  list,
  fc.constantFrom(null, true, {}, '', 1e16, 1e300, -1, -0.5, 0.5, [0.5], ['x'], '1e5'),
);
const usually = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 60, arbitrary: value }, { weight: 1, arbitrary: odd });

const named = (names: readonly string[], values: fc.Arbitrary<unknown>) =>
  names.map((name) => [name, usually(values)] as const);
const model = Object.fromEntries([
  ...named(['sym', 'pair'], ticker),
  ...named(['i'], fc.oneof(text, list)),
  ...named(['ds'], size),
  ...named(['t', 'trft', 'pt', 'r', 'bt', 'at'], time),
  ...named(['x', 'z', 'q', 'trfi', 'bx', 'ax'], whole),
  ...named(['p', 's', 'bp', 'bs', 'ap', 'as'], number),
  ...named(['c'], fc.oneof(list, fc.nat(30))),
]);

for (const [cluster, type, needed] of [
  ['stocks', 'T', ['sym', 'p', 's', 't']],
  ['stocks', 'Q', ['sym', 'bp', 'ap', 't']],
  ['options', 'T', ['sym', 'p', 's', 't']],
  ['futures', 'Q', ['sym', 'bp', 'ap', 't']],
  ['crypto', 'XT', ['pair', 'p', 's', 't']],
] as const) {
  test(`${type} of ${cluster} means the same whether it is read in haste or with care`, () => {
    const feed = feedOf(cluster);
    let heard = 0;
    fc.assert(
      fc.property(fc.record(model, { requiredKeys: [...needed], noNullPrototype: true }), (fields) => {
        const tight = JSON.stringify({ ev: type, ...fields });
        const spaced = tight.replace(/^\{"ev":/, '{ "ev" :');
        const [hasty, careful] = [hearing(feed, `[${tight}]`), hearing(feed, `[${spaced}]`)];
        expect(hasty.events).toStrictEqual(careful.events);
        expect(hasty.notices.map(({ kind }) => kind)).toEqual(careful.notices.map(({ kind }) => kind));
        heard += hasty.events.length;
      }),
      { numRuns: 300 },
    );
    expect(heard).toBeGreaterThan(20);
  });
}

test('of a field that comes twice the last one counts, read in haste or with care', () => {
  const wire = '{"ev":"T","sym":"AAPL","p":1,"s":1,"t":1789574220117,"p":2}';
  expect(hearing(feedOf('stocks'), `[${wire}]`).events).toMatchObject([{ price: 2 }]);
});
