import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { hearing } from '../../../helpers/feed-ear.ts';
import { feedOf } from './open.ts';
import { launchpadSample, samples } from './samples.ts';

const object = z.record(z.string(), z.unknown());

for (const [name, { cluster, wire, event }] of Object.entries(samples)) {
  test(`${name} is heard with all that it says`, () => {
    expect(hearing(feedOf(cluster), `[${wire}]`).all).toStrictEqual([event]);
  });

  test(`${name} is heard however its fields are spaced and ordered`, () => {
    const shuffled = wire.replace(/^\{("ev":"\w+"),(.*)\}$/, '{ $2 ,\n$1 }').replaceAll('":', '" : ');
    expect(hearing(feedOf(cluster), `[${shuffled}]`).all).toStrictEqual([event]);
  });

  test(`${name} with a field of the wrong type is told as unreadable, and its neighbours are heard`, () => {
    const feed = feedOf(cluster);
    const said = object.parse(JSON.parse(wire));
    for (const field of Object.keys(said)) {
      const broken = JSON.stringify({ ...said, [field]: { not: 'this' } });
      const [first, second, third] = hearing(feed, `[${wire},${broken},${wire}]`).all;
      expect([first, third]).toStrictEqual([event, event]);
      expect(second, field).toMatchObject({ kind: 'unreadable', excerpt: broken.slice(0, 200) });
    }
  });
}

test('a field that must be there and is not is named', () => {
  const wire = '{"ev":"T","sym":"AAPL","s":120,"t":1789574220117}';
  expect(hearing(feedOf('stocks'), `[${wire}]`).all).toEqual([
    { kind: 'unreadable', why: 'p is missing', excerpt: wire },
  ]);
});

test('Launchpad tells last prices and minute bars, of prefixed tickers', () => {
  const feed = feedOf('crypto', { launchpad: true });
  expect(feed.channels).toEqual(['bar', 'price']);
  expect(hearing(feed, `[${launchpadSample.wire}]`).all).toStrictEqual([launchpadSample.event]);
});

test('events of another cluster are not taken for those of this one', () => {
  const { wire } = samples['a trade of a coin'] ?? expect.fail();
  expect(hearing(feedOf('stocks'), `[${wire}]`).all).toMatchObject([
    { kind: 'unreadable', why: 'XT is no event of stocks' },
  ]);
});

test('a side of a quote that the vendor leaves out is empty', () => {
  const wire = '{"ev":"Q","sym":"AAPL","bx":12,"bp":231.45,"bs":3,"t":1789574220118,"q":1,"z":3}';
  expect(hearing(feedOf('stocks'), `[${wire}]`).events).toMatchObject([
    { bidPrice: 231.45, bidSize: 3, askPrice: 0, askSize: 0, askExchange: undefined },
  ]);
});

test('sizes of older recordings count round lots, of stocks alone', () => {
  const lots = { quoteSizes: 'round-lots' } as const;
  const heard = (cluster: string, name: string): unknown => {
    const { wire } = samples[name] ?? expect.fail();
    return hearing(feedOf(cluster, lots), `[${wire}]`).events;
  };
  expect(heard('stocks', 'a stock quote')).toMatchObject([{ bidSize: 300, askSize: 200 }]);
  expect(heard('options', 'an option quote')).toMatchObject([{ bidSize: 17, askSize: 24 }]);
});

test('conditions and exchanges without a letter stay numbers, which no letter looks like', () => {
  const wire = (exchange: number, tape: number, condition: number): string =>
    `{"ev":"T","sym":"AAPL","x":${exchange},"i":"1","z":${tape},"p":1,"s":1,"c":[${condition}],"t":1789574220117,"q":1}`;
  const codes = (exchange: number, tape: number, condition: number): unknown => {
    const [event] = hearing(feedOf('stocks'), `[${wire(exchange, tape, condition)}]`).events;
    return event?.kind === 'trade' ? [event.exchange, event.tape, ...event.conditions] : event;
  };
  expect(codes(62, 3, 6)).toEqual(['62', 'C', '06']);
  expect(codes(4, 1, 8)).toEqual(['D', 'A', '6']);
  // An average price is B on the tapes of the CTA and W on that of the UTP, where B is a bunched trade.
  expect(codes(10, 1, 2)).toEqual(['N', 'A', 'B']);
  expect(codes(12, 3, 2)).toEqual(['T', 'C', 'W']);
  expect(codes(12, 3, 4)).toEqual(['T', 'C', 'B']);
  expect(codes(10, 2, 4)).toEqual(['N', 'B', '04']);
  expect(codes(23, 0, 0)).toEqual(['F', undefined, '@']);
});

test('whatever comes, it never throws, and says what it could not read', () => {
  const texts = Object.values(samples).map(({ wire }) => wire);
  const mutilated = fc
    .tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(9), fc.string({ maxLength: 5 }))
    .map(([wire, at, cut, put]) => `[${wire.slice(0, at % wire.length)}${put}${wire.slice((at % wire.length) + cut)}]`);
  const frames = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(`[${text}]`)),
    mutilated.map((text) => Buffer.from(text)),
  );
  for (const cluster of ['stocks', 'options', 'indices', 'forex', 'crypto', 'futures']) {
    const feed = feedOf(cluster);
    fc.assert(
      fc.property(frames, (frame) => {
        for (const notice of hearing(feed, frame).notices) {
          expect(notice.kind).toBe('unreadable');
          if (notice.kind === 'unreadable') expect(notice.excerpt.length).toBeLessThanOrEqual(200);
        }
      }),
    );
  }
  expect(hearing(feedOf('stocks'), '[]').all).toEqual([]);
  expect(hearing(feedOf('stocks'), '').all).toMatchObject([{ kind: 'unreadable' }]);
});
