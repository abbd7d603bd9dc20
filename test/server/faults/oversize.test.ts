import { expect, test } from 'vitest';
import { said, strike, tongues, trades } from '../../helpers/strike.ts';

test.each([tongues.alpaca, tongues.msgpack, tongues.polygon, tongues.twelvedata])(
  'one message is larger than any before it and says the same on $path, and nobody else notices',
  async (tongue) => {
    const { healthy, struck, other } = await strike({ oversize: { size: '128KiB' } }, { times: 1 }, trades, tongue);
    expect(struck[5]?.length).toBeGreaterThanOrEqual(128 * 1024);
    expect(said(struck.slice(5, 6))).toMatchObject(said(healthy.slice(5, 6)));
    expect(struck.toSpliced(5, 1)).toEqual(healthy.toSpliced(5, 1));
    expect(other).toEqual(healthy);
  },
);
