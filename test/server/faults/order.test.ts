import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Chance } from '../../../market/chance.ts';
import { millis, second, seconds } from '../../../market/nanos.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { rehearse } from '../../helpers/rehearse.ts';

const tape = fc
  .array(fc.boolean(), { maxLength: 60 })
  .map((kinds) => kinds.map((isTrade, i) => (isTrade ? trade : quote)(opening + millis(i * 7))));
const seed = fc.integer().map((word) => () => ({ chance: new Chance().reset(word, 1, 0) }));
const eventsOf = (handed: ReturnType<typeof rehearse>) => handed.map(({ event }) => event);

test('dropped events are gone', () => {
  expect(rehearse({ drop: {} }, [trade(opening), quote(opening)])).toEqual([]);
});

test('a duplicated event comes so many times more, and no event is lost or overtaken', () => {
  fc.assert(
    fc.property(tape, fc.integer({ min: 1, max: 5 }), (events, copies) => {
      const heard = eventsOf(rehearse({ duplicate: { copies } }, events));
      expect(heard).toEqual(events.flatMap((event) => Array.from({ length: copies + 1 }, () => event)));
    }),
  );
});

test('copies that come later come after just that time, and the first comes at once', () => {
  const [event] = [trade(opening)];
  expect(rehearse({ duplicate: { copies: 2, after: '2s' } }, [event])).toEqual([
    { event, skew: 0n, after: 0n },
    { event, skew: 0n, after: seconds(2) },
    { event, skew: 0n, after: seconds(2) },
  ]);
});

test('reordered events all arrive once, none further from its place than the window, the same way for the same seed', () => {
  fc.assert(
    fc.property(tape, fc.integer({ min: 2, max: 12 }), seed, (events, window, given) => {
      const heard = eventsOf(rehearse({ reorder: { window } }, events, given()));
      expect(heard).toHaveLength(events.length);
      for (let from = 0; from < events.length; from += window) {
        const [sent, due] = [heard.slice(from, from + window), events.slice(from, from + window)];
        expect(new Set(sent)).toEqual(new Set(due));
      }
      expect(eventsOf(rehearse({ reorder: { window } }, events, given()))).toEqual(heard);
    }),
  );
});

test('reordered events do come in another order', () => {
  const events = Array.from({ length: 64 }, (_, i) => trade(opening + millis(i)));
  const heard = eventsOf(rehearse({ reorder: { window: 8 } }, events));
  expect(heard.filter((event, i) => event !== events[i]).length).toBeGreaterThan(32);
});

test('late events all arrive once with their own times, within the jitter, the same way for the same seed', () => {
  fc.assert(
    fc.property(
      tape,
      fc.integer({ min: 0, max: 5000 }),
      fc.integer({ min: 0, max: 5000 }),
      seed,
      (events, by, jitter, given) => {
        const inject = { late: { by: `${by}ms`, jitter: `${jitter}ms` } };
        const handed = rehearse(inject, events, given());
        expect(eventsOf(handed)).toEqual(events);
        for (const { after, skew } of handed) {
          expect(skew).toBe(0n);
          expect(after >= millis(by) && after <= millis(by + jitter)).toBe(true);
        }
        expect(rehearse(inject, events, given())).toEqual(handed);
      },
    ),
  );
});

test('without jitter every event is as late as the others, so that none overtakes another', () => {
  const handed = rehearse({ late: { by: '2s' } }, [trade(opening), quote(opening + second)]);
  expect(handed.map(({ after }) => after)).toEqual([seconds(2), seconds(2)]);
});
