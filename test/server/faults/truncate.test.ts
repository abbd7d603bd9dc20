import { expect, test } from 'vitest';
import { strike, tongues, trades } from '../../helpers/strike.ts';

test.each([tongues.alpaca, tongues.msgpack])(
  'messages break off in the middle of a sound frame while it lasts on $path, and nobody else notices',
  async (tongue) => {
    const { healthy, struck, other } = await strike({ truncate: { keep: 0.5 } }, {}, trades, tongue);
    const cut = healthy.map((payload, at) => (at >= 5 && at < 15 ? payload.subarray(0, payload.length >> 1) : payload));
    expect(struck).toEqual(cut);
    expect(other).toEqual(healthy);
  },
);

test('one message breaks off where it may strike once, even to nothing', async () => {
  const { healthy, struck } = await strike({ truncate: { keep: 0 } }, { times: 1 });
  expect(struck).toEqual(healthy.toSpliced(5, 1, Buffer.alloc(0)));
});
