import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { seconds } from '../../../market/nanos.ts';
import { labelOf } from '../../../server/session/session-record.ts';
import { Comer } from '../../helpers/comer.ts';
import { opening, trade } from '../../helpers/events.ts';
import { serve } from '../../helpers/serve.ts';

const tape = Array.from({ length: 20 }, (_, index) => trade(opening + seconds(index), { id: String(index) }));

test('who is sent away for one connection too many has missed nothing that its other connection heard', async () => {
  const clock = new ManualClock(opening);
  const endpoints = { alpaca: { serverPing: 'off' } } as const;
  await using papertape = await serve(tape, { speed: 1 }, { endpoints, limits: { sessions: 1 } }, clock);
  const [first, second] = [new Comer(papertape, 'bot'), new Comer(papertape, 'bot')];
  await first.connect();
  await first.ask('subscribe', { trades: ['AAPL'] });
  papertape.run.play();
  await clock.advance(seconds(4.5));
  // Is refused at its login, and hears nothing.
  await second.connect();
  await second.ask('subscribe', { trades: ['AAPL'] });
  await clock.advance(seconds(4));
  await first.disconnect();
  await clock.advance(seconds(3));
  const accounts = await papertape.run.chronicle.ledger.accounts(new AbortController().signal);
  expect(accounts.map(({ client }) => client)).toEqual([labelOf('bot')]);
  expect(accounts[0]?.owed).toBe(12);
  expect(accounts[0]?.missed.map(({ rows, why }) => [rows, why])).toEqual([[3, 'it was not connected']]);
  await second.disconnect();
});
