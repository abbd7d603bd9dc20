import { expect, test } from 'vitest';
import { seconds } from '../../../market/nanos.ts';
import { opening, trade } from '../../helpers/events.ts';
import { said, strike, tongues } from '../../helpers/strike.ts';

/** Four minutes of a trade every five seconds. */
const tape = Array.from({ length: 48 }, (_, i) =>
  trade(opening + seconds(i * 5), { id: String(i + 1), price: 230 + (i % 7) }),
);
/** Holds the bar of the second minute, and no other. */
const step = { at: '115s', for: '30s' };

test('a bar comes again as an updated bar with more volume and another close; nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ reviseBar: { by: '32s' } }, step, tape);
  const bars = (heard: typeof struck) => said(heard).filter(({ T }) => T === 'b' || T === 'u');
  const [first, second, ...rest] = bars(healthy);
  expect(first).toMatchObject({ T: 'b', t: '2026-07-01T14:30:00Z' });
  const [, same, updated, ...others] = bars(struck);
  expect(same).toEqual(second);
  expect(updated).toMatchObject({ T: 'u', t: '2026-07-01T14:31:00Z', o: second?.['o'], n: Number(second?.['n']) + 1 });
  expect(Number(updated?.['v'])).toBeGreaterThan(Number(second?.['v']));
  expect(updated?.['c']).not.toBe(second?.['c']);
  expect(others).toEqual(rest);
  expect(other).toEqual(healthy);
});

test('an exchange without updated bars sends the minute again under the same name', async () => {
  const { healthy, struck } = await strike({ reviseBar: { by: '32s' } }, step, tape, tongues.polygon);
  const minutes = (heard: typeof struck) =>
    said(heard)
      .filter(({ ev }) => ev === 'AM')
      .map(({ s }) => s);
  const [first, second, ...rest] = minutes(healthy);
  expect(minutes(struck)).toEqual([first, second, second, ...rest]);
});
