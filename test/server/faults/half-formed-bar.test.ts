import { expect, test } from 'vitest';
import { seconds } from '../../../market/nanos.ts';
import { opening, trade } from '../../helpers/events.ts';
import { said, strike } from '../../helpers/strike.ts';

/** Four minutes of a trade every five seconds. */
const tape = Array.from({ length: 48 }, (_, i) =>
  trade(opening + seconds(i * 5), { id: String(i + 1), price: 230 + (i % 7) }),
);
/** Holds the bar of the second minute, and no other. */
const step = { at: '115s', for: '30s' };
type Bars = readonly Readonly<Record<string, unknown>>[];
const barsOf = (heard: readonly Buffer[]): Bars => said(heard).filter(({ T }) => T === 'b' || T === 'u');

test('a bar comes with half its volume and stays so, and nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ halfFormedBar: {} }, step, tape);
  const [whole, half] = [barsOf(healthy), barsOf(struck)];
  expect(half[1]).toMatchObject({ T: 'b', t: whole[1]?.['t'], o: whole[1]?.['o'], v: Number(whole[1]?.['v']) / 2 });
  expect(half.toSpliced(1, 1)).toEqual(whole.toSpliced(1, 1));
  expect(struck).toHaveLength(healthy.length);
  expect(other).toEqual(healthy);
});

test('it is mended by an updated bar where that is wished', async () => {
  const { healthy, struck } = await strike({ halfFormedBar: { fixed: '32s' } }, step, tape);
  const [whole, half] = [barsOf(healthy), barsOf(struck)];
  expect(half[2]).toEqual({ ...whole[1], T: 'u' });
  expect(half.toSpliced(1, 2)).toEqual(whole.toSpliced(1, 1));
});
