import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { seconds } from '../../../market/nanos.ts';
import { Asker } from '../../helpers/asker.ts';
import { opening, trade } from '../../helpers/events.ts';
import { serve } from '../../helpers/serve.ts';

const tape = Array.from({ length: 30 }, (_, index) => trade(opening + seconds(index), { id: String(index) }));

test('a rule set off by every third request strikes a client that never opens a socket, and no other, until its time is over', async () => {
  const clock = new ManualClock(opening);
  const rules = [
    {
      id: 'third',
      when: { client: { does: 'request', every: 3 } },
      for: '5s',
      target: { endpoint: 'alpaca' },
      inject: { rejectRequest: { status: 429, retryAfter: '3s' } },
    } as const,
  ];
  await using papertape = await serve(tape, { speed: 1 }, { rules }, clock);
  papertape.run.play();
  await clock.advance(seconds(10));
  const keyed = (key: string): Asker => new Asker(papertape, { 'APCA-API-KEY-ID': key, 'APCA-API-SECRET-KEY': 's' });
  const [bot, other] = [keyed('bot'), keyed('other')];
  const ask = async (asker: Asker): Promise<number> =>
    (await asker.ask('/v2/stocks/trades', { symbols: 'AAPL' })).status;
  expect([await ask(bot), await ask(bot), await ask(bot)]).toEqual([200, 200, 429]);
  expect([await ask(other), await ask(bot)]).toEqual([200, 429]);
  await clock.advance(seconds(6));
  expect([await ask(bot), await ask(other)]).toEqual([429, 200]);
  await clock.advance(seconds(6));
  expect([await ask(bot), await ask(other)]).toEqual([200, 429]);
  const told = papertape.run.chronicle.faults.lines.filter(({ phase }) => phase === 'begins').length;
  expect(told).toBe(3);
});
