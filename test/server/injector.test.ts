import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import { opening, trade } from '../helpers/events.ts';
import { Listener } from '../helpers/listener.ts';
import { serve } from '../helpers/serve.ts';

const events = Array.from({ length: 20 }, (_, index) => trade(opening + seconds(index), { id: String(index + 1) }));

test('a step strikes before the first event that is not earlier, and lasts as long as it says', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(
    events,
    { speed: 1, startOn: 'command' },
    { timeline: [{ id: 'mute', at: '5s', for: '4s', inject: { mute: {} } }] },
    clock,
  );
  await using listener = await Listener.subscribed(`${papertape.url}/v2/iex`, { trades: ['*'] });
  papertape.run.play();
  await clock.advance(seconds(30));
  await listener.heard(16);
  expect(listener.events.map(({ i }) => i)).toEqual([1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
});
