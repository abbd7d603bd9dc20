import { beforeAll, expect, test } from 'vitest';
import type { MarketEvent } from '../../../market/event.ts';
import { chosenFault, faultSchema } from '../../../server/faults/index.ts';
import type { ScenarioInput } from '../../../server/scenario/schema.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { type Heard, play, tongues } from '../../helpers/strike.ts';

type Inject = NonNullable<ScenarioInput['timeline']>[number]['inject'];
const faults: readonly Inject[] = [
  { drop: {} },
  { duplicate: { copies: 2, after: '700ms' } },
  { reorder: { window: 6 } },
  { late: { by: '300ms', jitter: '2s' } },
  { stale: {} },
  { skew: { by: '3s' } },
  { corrupt: { bytes: 4 } },
  { truncate: {} },
  { oversize: { size: '4KiB' } },
  { wrongType: {} },
  { notANumber: { value: 'nan' } },
  { unknownEvent: {} },
  { zeroPrice: {} },
  { crossQuote: {} },
  { lateTrade: { by: '4s' } },
  { correct: { by: '1500ms' } },
  { cancel: { by: '1500ms' } },
  { reviseBar: { by: '9s' } },
  { halfFormedBar: { fixed: '9s' } },
  { halt: {} },
  { luldBand: { pause: true } },
];

/** Two minutes and more of three symbols: bursts, ties and silences. */
const tape = Array.from({ length: 400 }, (_, index) => index).reduce<MarketEvent[]>((events, index) => {
  const gap = [0n, 1n, 999n, 400_000n, 3_000_017n, 1_590_000_000n][(index * 7919) % 6] ?? 0n;
  const at = (events.at(-1)?.at ?? opening) + gap;
  const symbol = ['AAPL', 'MSFT', 'TSLA'][(index >> 2) % 3] ?? '';
  const price = 100 + (index % 97) / 100;
  events.push(
    index % 3 === 0
      ? quote(at, { symbol, bidPrice: price, askPrice: price + 0.02 })
      : trade(at, { symbol, id: String(index), price }),
  );
  return events;
}, []);

let healthy: Heard;
beforeAll(async () => {
  [healthy] = await play(tape, tongues.alpaca);
});

test.each(faults.map((inject) => [chosenFault(faultSchema.parse(inject)).name, inject] as const))(
  '%s sends the same bytes at 1x, 10x and max to whom it strikes',
  async (_name, inject) => {
    const timeline = [{ id: 'fault', at: '5s', for: '80s', probability: 0.6, inject, target: { sessions: [1] } }];
    const [first] = await play(tape, tongues.alpaca, { timeline });
    expect(first).not.toEqual(healthy);
    for (const speed of [10, 'max'] as const) {
      const [again, other] = await play(tape, tongues.alpaca, { timeline, replay: { speed } });
      expect(again.map(byByte)).toEqual(first.map(byByte));
      expect(other).toEqual(healthy);
    }
  },
);

/** One character a byte, so that a difference can be read. */
const byByte = (payload: Buffer): string => payload.toString('latin1');
