import { expect, test } from 'vitest';
import { said, strike, tongues, trades } from '../../helpers/strike.ts';

test.each([
  ['T', tongues.alpaca],
  ['T', tongues.msgpack],
  ['ev', tongues.polygon],
  ['event', tongues.twelvedata],
] as const)('events come under another %s while it lasts on %o, and nobody else notices', async (type, tongue) => {
  const { healthy, struck, other } = await strike({ unknownEvent: {} }, {}, trades, tongue);
  const unknown = said(healthy).map((one, at) => (at >= 5 && at < 15 ? { ...one, [type]: 'unknown' } : one));
  expect(said(struck)).toEqual(unknown);
  expect(struck.slice(15)).toEqual(healthy.slice(15));
  expect(other).toEqual(healthy);
});
