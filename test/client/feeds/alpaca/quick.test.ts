import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventIn } from '../../../../client/feeds/alpaca/element.ts';
import { quickEvent } from '../../../../client/feeds/alpaca/quick.ts';
import { alpaca } from '../../../../client/feeds/alpaca/index.ts';
import { Fields, JsonReader, JsonScan, Unreadable } from '../../../../client/feeds/feed.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { heard } from '../../../helpers/ear.ts';

// A feed reads what is spelled as usual faster than all else. Nobody may notice: whatever the spelling, it hears what a plain reader reads.

const feed = alpaca.feed(alpaca.options.parse({ vendor: 'alpaca' }));

const symbol = fc.oneof(
  fc.constantFrom('AAPL', 'BRK.B', 'BTC/USD', 'A', 'AAPL260918C00230000', 'ÄÖ', 'A"B', 'a\\b', 'x'.repeat(30), ''),
  fc.string(),
);
/** Spellings of numbers, usual and odd. */
const number = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(1e6), fc.nat(6)).map(([digits, scale]) => (digits / 10 ** scale).toString()),
  },
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.bigInt({ min: 0n, max: 2n ** 63n }).map(String),
  fc.constantFrom(
    '0',
    '-0',
    '0.10',
    '1e3',
    '-5',
    '123456789012345',
    '1234567890.123456',
    '0.000001',
    '9007199254740993',
    '1e400',
    '007',
    '1.',
    '"1"',
    'null',
  ),
);
const id = fc.oneof({ weight: 6, arbitrary: fc.nat().map(String) }, number);
const letter = fc.constantFrom('"V"', '"K"', '"@"', '" "', '""', '"VV"', '"\\u0056"', '"Ä"', 'null', '5');
const conditions = fc.constantFrom(
  '["@","I"]',
  '[" "]',
  '[]',
  '["]"]',
  '["\\""]',
  '["Ä"]',
  '"I"',
  'null',
  '[1]',
  '["@", "I"]',
  '["@",]',
);
const tape = fc.constantFrom('"C"', '"A"', '"O"', '"Z"', '""', 'null');
const time = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 59 }), fc.nat(999_999_999))
      .map(
        ([second, nanos]) =>
          `"2026-07-01T14:30:${two(second)}.${String(nanos).padStart(9, '0').replace(/0+$/, '') || '0'}Z"`,
      ),
  },
  fc.constantFrom(
    '"2026-07-01T14:30:00Z"',
    '"2026-07-01T14:30:00.1234567890Z"',
    '"2026-07-01T14:30:00.Z"',
    '"2026-07-01T10:30:00.5-04:00"',
    '"2026-02-30T00:00:00Z"',
    '"2026-07-01T14:30:60Z"',
    '"1969-12-31T23:59:59.999999999Z"',
    '"2262-04-11T23:47:16.854775807Z"',
    '"2262-04-11T23:47:16.854775808Z"',
    '"2500-01-01T00:00:00Z"',
    '"0001-01-01T00:00:00Z"',
    '"now"',
    '1782916200',
  ),
);
const two = (value: number): string => String(value).padStart(2, '0');

/** Elements as names and the spelling of their values, in the order of the wire. */
const spelledSymbol = symbol.map((text) => JSON.stringify(text));
const fieldsOf = (type: string, rest: Record<string, fc.Arbitrary<string>>) =>
  fc.record({ T: fc.constant(`"${type}"`), S: spelledSymbol, ...rest }).map((record) => Object.entries(record));
const shape = fc.oneof(
  fieldsOf('t', { i: id, x: letter, p: number, s: number, c: conditions, z: tape, t: time }),
  fieldsOf('q', {
    bx: letter,
    bp: number,
    bs: number,
    ax: letter,
    ap: number,
    as: number,
    c: conditions,
    z: tape,
    t: time,
  }),
  fc
    .constantFrom('b', 'u', 'd')
    .chain((type) =>
      fieldsOf(type, { o: number, h: number, l: number, c: number, v: number, t: time, n: number, vw: number }),
    ),
);
const usual = fc.oneof(
  fieldsOf('t', {
    i: fc.nat().map(String),
    x: fc.constant('"V"'),
    p: fc.nat(1e6).map((cents) => String(cents / 100)),
    s: fc.nat(1000).map(String),
    c: fc.constant('["@","I"]'),
    z: fc.constant('"C"'),
    t: time,
  }),
);
/** The same element in another order, with another name or without one, and with white space. */
const spelling = fc.oneof(
  { weight: 4, arbitrary: usual.map((fields) => spell(fields, '')) },
  { weight: 4, arbitrary: shape.map((fields) => spell(fields, '')) },
  shape.chain((fields) => fc.shuffledSubarray(fields, { minLength: fields.length })).map((fields) => spell(fields, '')),
  fc.tuple(shape, fc.constantFrom(' ', '\n', '\t ')).map(([fields, space]) => spell(fields, space)),
  fc.tuple(shape, fc.string()).map(([fields, name]) => spell([...fields, [name, '{"a":[1,"}"]}']], '')),
  shape.chain((fields) => fc.subarray(fields)).map((fields) => spell(fields, '')),
  fc.tuple(shape, shape).map(([fields, others]) => spell([...fields, ...others], '')),
);
const spell = (fields: readonly (readonly [string, string])[], space: string): string =>
  `{${fields.map(([name, value]) => `${space}${JSON.stringify(name)}${space}:${space}${value}${space}`).join(',')}}`;

/** The event of a text, read without haste; undefined where there is none. */
function plainly(reader: JsonReader): MarketEvent | undefined {
  try {
    const said = reader.value();
    return said instanceof Fields ? eventIn('stocks', said) : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

test('whatever way an event is spelled, it is heard as a plain reader reads it', () => {
  fc.assert(
    fc.property(fc.array(spelling, { maxLength: 6 }), fc.constantFrom('', ' ', '\r\n'), (elements, space) => {
      const frame = `${space}[${elements.map((element) => `${space}${element}${space}`).join(',')}]${space}`;
      const expected = elements.flatMap((element) => plainly(new JsonReader(Buffer.from(element))) ?? []);
      const { events, notices } = heard(feed, frame);
      expect(events).toEqual(expected);
      for (const notice of notices) expect(notice).toMatchObject({ kind: 'unreadable' });
      expect(notices.length).toBe(elements.length - expected.length);
    }),
    { numRuns: 500 },
  );
});

test('a frame whose bytes were spoiled says nothing that is not in it, and never throws', () => {
  const spoil = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'cut', 'add')), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(spelling, { minLength: 1, maxLength: 4 }), spoil, (elements, wounds) => {
      let frame = Buffer.from(`[${elements.join(',')}]`);
      for (const [place, byte, how] of wounds) {
        const at = place % (frame.length + 1);
        const after = frame.subarray(how === 'add' ? at : at + 1);
        frame = Buffer.concat([frame.subarray(0, at), ...(how === 'cut' ? [] : [Buffer.from([byte])]), after]);
      }
      const { events, notices } = heard(feed, frame);
      const said = [...frame.keys()].filter((at) => frame[at] === 0x7b).map((at) => plainly(new JsonReader(frame, at)));
      for (const event of events) expect(said).toContainEqual(event);
      for (const { kind } of notices) expect(kind).toBe('unreadable');
    }),
    { numRuns: 500 },
  );
});

test('an element that cannot be read costs nobody else a word', () => {
  const good = (price: number): string =>
    `{"T":"t","S":"AAPL","i":1,"x":"V","p":${price},"s":40,"c":["@"],"z":"C","t":"2026-07-01T14:30:00Z"}`;
  const bad = [
    '{"T":"t","S":"AAPL"}',
    '{"T":"t",}',
    '{"T":"t" "S":"AAPL"}',
    '5',
    '{"T":"t","S":"AA]},{[PL","p":01}',
    '{"T":"wat"}',
    '',
  ];
  for (const broken of bad) {
    const { events, notices } = heard(feed, `[${good(1)},${broken},${good(2)}]`);
    expect
      .soft(
        events.map((event) => 'price' in event && event.price),
        broken,
      )
      .toEqual([1, 2]);
    expect.soft(notices, broken).toEqual([{ kind: 'unreadable', why: expect.any(String), excerpt: broken }]);
  }
});

test('a frame of nothing but nonsense is complained of a hundred times, and then counted', () => {
  const { events, notices } = heard(feed, `[${','.repeat(4999)}]`);
  expect(events).toEqual([]);
  expect(notices.length).toBe(101);
  expect(notices.at(-1)).toEqual({ kind: 'unreadable', why: '4900 more parts could not be read', excerpt: '' });
});

test('a frame that is nested a million times deep is unreadable, and no more', () => {
  expect(heard(feed, '['.repeat(1_000_000)).notices[0]).toMatchObject({ kind: 'unreadable' });
  expect(heard(feed, Buffer.alloc(1_000_000, 0x91)).notices[0]).toMatchObject({ kind: 'unreadable' });
});

test('ids beyond 2^53 and the last nanosecond are heard exactly', () => {
  const [event] = heard(
    feed,
    '[{"T":"t","S":"AAPL","i":9223372036854775807,"x":"V","p":0.1,"s":1,"c":[],"z":"C","t":"2026-07-01T14:30:00.123456789Z"}]',
  ).events;
  expect(event).toMatchObject({ id: '9223372036854775807', at: 1_782_916_200_123_456_789n });
});

test.each([
  '{"T":"t","S":"AAPL","i":52983525033527,"x":"V","p":231.47,"s":40,"c":["@","I"],"z":"C","t":"2026-07-01T14:30:00.123456789Z"}',
  '{"T":"q","S":"AAPL","bx":"V","bp":231.45,"bs":200,"ax":"V","ap":231.49,"as":100,"c":["R"],"z":"C","t":"2026-07-01T14:30:00.2345Z"}',
  '{"T":"b","S":"AAPL","o":231.4,"h":231.52,"l":231.31,"c":231.47,"v":18422,"t":"2026-07-01T14:29:00Z","n":311,"vw":231.418733}',
  '{"T":"u","S":"BRK.B","o":1,"h":2.5,"l":0.25,"c":2,"v":0,"t":"2026-07-01T14:29:00Z","n":0,"vw":0.000001}',
])('%s is read in haste', (element) => {
  const scan = new JsonScan();
  scan.open(Buffer.from(element));
  expect(quickEvent('stocks', scan)).toEqual(plainly(new JsonReader(Buffer.from(element))) ?? expect.fail('no event'));
  expect(scan.at).toBe(element.length);
});
