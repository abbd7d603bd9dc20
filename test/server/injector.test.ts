import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import type { Steps } from '../helpers/broken-market.ts';
import { opening, trade } from '../helpers/events.ts';
import { Listener } from '../helpers/listener.ts';
import { RawClient } from '../helpers/raw-client.ts';
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

test('a rule set off by the third connection closes that one, once it is open', async () => {
  const rules = [{ id: 'third', when: { connection: { nth: 3 } }, inject: { close: { code: 1012 } } }];
  await using papertape = await serve(events, {}, { rules });
  const clients: RawClient[] = [];
  for (let count = 0; count < 4; count++) clients.push(await RawClient.open(`${papertape.url}/v2/iex`));
  await clients[2]?.until(() => clients[2]?.farewell !== undefined);
  for (const client of clients.filter((_, index) => index !== 2)) await client.settled();
  expect(clients.map(({ farewell }) => farewell?.code)).toEqual([undefined, undefined, 1012, undefined]);
  for (const client of clients) await client[Symbol.asyncDispose]();
});

/** Ids of the trades that two clients hear, sessions 1 and 2, with these steps. */
async function hear({ timeline, rules }: Steps): Promise<unknown[][]> {
  const clock = new ManualClock(opening);
  await using papertape = await serve(events, { speed: 1 }, { timeline, rules }, clock);
  const url = `${papertape.url}/v2/iex`;
  await using first = await Listener.subscribed(url, { trades: ['*'] });
  await using second = await Listener.subscribed(url, { trades: ['*'] });
  papertape.run.play();
  await clock.advance(seconds(30));
  await Promise.all([first.settled(), second.settled()]);
  return [first, second].map((listener) => listener.events.map(({ i }) => i));
}

const all = events.map((_, index) => index + 1);

test('a rule by messages whose chance is half strikes some of those, and no other', async () => {
  const rules = [{ id: 'even', when: { message: { every: 2 } }, probability: 0.5, inject: { drop: {} } }];
  const [heard = []] = await hear({ rules });
  const missing = all.filter((id) => !heard.includes(id));
  expect(missing.filter((id) => id % 2 === 1)).toEqual([]);
  expect(missing.length).toBeGreaterThan(1);
  expect(missing.length).toBeLessThan(9);
});

test('a rule aimed at one session is not set off by another', async () => {
  const target = { sessions: [1] };
  const [first, second] = await hear({
    rules: [{ id: 'one', when: { message: { nth: 3 } }, inject: { drop: {} }, target }],
  });
  expect(first).toEqual(all.filter((id) => id !== 3));
  expect(second).toEqual(all);
});

test('a step aimed at the newest, while nobody is there, is aimed at the first who comes and at no other', async () => {
  const target = { sessions: 'newest' } as const;
  const [first, second] = await hear({ timeline: [{ id: 'one', at: '0s', times: 2, inject: { drop: {} }, target }] });
  expect(first).toEqual(all.slice(2));
  expect(second).toEqual(all);
});

test('who is closed in the middle of what is on air counts for no fault any more, and is told of nothing', async () => {
  const timeline = [{ id: 'end', at: '5s', inject: { close: {} }, target: { sessions: [1] } }];
  const rules = [{ id: 'odd', inject: { duplicate: {} }, probability: 0.9, target: { sessions: [1] } }];
  const clock = new ManualClock(opening);
  await using papertape = await serve(events, { speed: 'max' }, { timeline, rules }, clock);
  await using listener = await Listener.subscribed(`${papertape.url}/v2/iex`, { trades: ['*'] });
  papertape.run.play();
  await clock.advance(seconds(1));
  await listener.ended();
  const { faults } = papertape.run.chronicle;
  expect(faults.lines.filter(({ tape }) => tape > seconds(5))).toEqual([]);
  expect(faults.lines.find(({ step, phase }) => step === 'odd' && phase === 'strikes')?.times).toBeLessThan(6);
});

test('the journal tells which events a step took, in a row of their own', async () => {
  const timeline = [{ id: 'mute', at: '5s', for: '4s', inject: { mute: {} } }];
  const clock = new ManualClock(opening);
  await using papertape = await serve(events, { speed: 'max' }, { timeline }, clock);
  await using listener = await Listener.subscribed(`${papertape.url}/v2/iex`, { trades: ['*'] });
  papertape.run.play();
  await clock.advance(seconds(1));
  await listener.heard(16);
  const rows = papertape.trial.entries.flatMap((entry) =>
    entry.kind === 'sent' || entry.kind === 'missed' ? [[entry.kind, entry.fault, entry.events]] : [],
  );
  expect(rows).toEqual([
    ['sent', undefined, 5],
    ['missed', 'mute', 4],
    ['sent', undefined, 11],
  ]);
});
