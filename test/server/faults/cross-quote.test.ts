import { expect, test } from 'vitest';
import { seconds } from '../../../market/nanos.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { said, strike, tongues } from '../../helpers/strike.ts';

const tape = Array.from({ length: 20 }, (_, i) =>
  i % 4 === 3 ? trade(opening + seconds(i)) : quote(opening + seconds(i)),
);

test.each([tongues.alpaca, tongues.msgpack, tongues.polygon])(
  'quotes bid above their ask while it lasts on $path, trades are as they were, and nobody else notices',
  async (tongue) => {
    const { healthy, struck, other } = await strike({ crossQuote: {} }, {}, tape, tongue);
    const crossed = said(healthy).map((one, at) =>
      at >= 5 && at < 15 && 'bp' in one ? { ...one, bp: 231.49, ap: 231.45 } : one,
    );
    expect(said(struck)).toEqual(crossed);
    expect(struck.slice(15)).toEqual(healthy.slice(15));
    expect(other).toEqual(healthy);
  },
);
