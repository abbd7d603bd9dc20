import { array, assert, boolean, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { type Room, Strays } from '../../../server/ledger/strays.ts';

/** Every third event of the deck is one that the session hears. */
const place = (ordinal: number) => ({ sequence: 10 + ordinal * 3, ordinal, shift: 0n });

test('whatever is lost and found in whatever order, each event was sent as often as was said', () => {
  const calls = array(record({ ordinal: integer({ min: 0, max: 12 }), found: boolean() }), { maxLength: 80 });
  assert(
    property(calls, (said) => {
      const room: Room = { left: 1000 };
      const strays = new Strays(room);
      const times = Array.from({ length: 13 }, () => 1);
      for (const { ordinal, found } of said) {
        const before = times[ordinal] ?? 0;
        // What was not sent at all cannot be lost again.
        times[ordinal] = found ? before + 1 : Math.max(before - 1, 0);
        if (found) strays.found(place(ordinal));
        else strays.lost(place(ordinal), 'of step drop');
      }
      const reading = strays.reading();
      const told = times.map((_, ordinal) => reading.of(place(ordinal).sequence));
      expect(told).toEqual(times.map((count) => (count === 0 ? 'of step drop' : count)));
      expect(strays.isEmpty).toBe(times.every((count) => count === 1));
    }),
    { numRuns: 500 },
  );
});

test('an hour of losses in a row takes the room of one, and so do losses that are made good in their order', () => {
  const room: Room = { left: 3 };
  const strays = new Strays(room);
  for (let ordinal = 0; ordinal < 100_000; ordinal++) {
    strays.lost(place(ordinal), 'of step late');
    if (ordinal >= 500) strays.found(place(ordinal - 500));
  }
  expect([room.left, strays.forgotten]).toEqual([2, 0]);
  const reading = strays.reading();
  expect(reading.of(place(99_499).sequence)).toBe(1);
  expect(reading.of(place(99_500).sequence)).toBe('of step late');
});

test('losses beyond what is remembered are counted, and what they were counts as sent', () => {
  const strays = new Strays({ left: 2 });
  for (const ordinal of [1, 3, 5, 7]) strays.lost(place(ordinal), 'of step drop');
  const reading = strays.reading();
  expect([1, 3, 5, 7].map((ordinal) => reading.of(place(ordinal).sequence))).toEqual([
    'of step drop',
    'of step drop',
    1,
    1,
  ]);
  expect(strays.forgotten).toBe(2);
  strays.found(place(1));
  strays.lost(place(9), 'of step drop');
  expect(strays.forgotten).toBe(2);
});

test('neighbours that were lost for different reasons stay apart', () => {
  const strays = new Strays({ left: 9 });
  strays.lost(place(1), 'of step drop');
  strays.lost(place(2), 'of step mute');
  strays.lostAll(40, 50, 'it read too slowly');
  strays.lostAll(51, 60, 'it read too slowly');
  const reading = strays.reading();
  expect([13, 16, 39, 40, 60, 61].map((sequence) => reading.of(sequence))).toEqual([
    'of step drop',
    'of step mute',
    1,
    'it read too slowly',
    'it read too slowly',
    1,
  ]);
});
