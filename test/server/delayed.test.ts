import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { minute, seconds } from '../../market/nanos.ts';
import { opening, quote } from '../helpers/events.ts';
import { Listener } from '../helpers/listener.ts';
import { serve } from '../helpers/serve.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
});
const endpoints = { alpaca: { serverPing: 'off' } } as const;
const quotes = Array.from({ length: 60 }, (_, index) => quote(opening + minute * BigInt(index), { bidPrice: index }));

async function listen(url: string, path: string): Promise<Listener> {
  const listener = await Listener.subscribed(url + path, { quotes: ['*'] });
  open.push(listener);
  return listener;
}

test('shifted, the delayed stream says the same times as the present one, a quarter of an hour later', async () => {
  const clock = new ManualClock(opening + seconds(1_000_000));
  const papertape = await serve(quotes, { timestamps: 'shifted' }, { endpoints }, clock);
  open.push(papertape);
  const present = await listen(papertape.url, '/v2/sip');
  const delayed = await listen(papertape.url, '/v2/delayed_sip');
  papertape.run.play();
  await clock.advance(minute * 20n);
  await Promise.all([present.settled(), delayed.settled()]);
  expect(delayed.events.length).toBeGreaterThan(3);
  expect(delayed.events).toEqual(present.events.slice(0, delayed.events.length));
});

test('who joins the delayed stream in the last loop hears that loop to its end and no other', async () => {
  const clock = new ManualClock(opening);
  const replay = { mode: 'loop', loopCount: 2, atEnd: 'close' } as const;
  const papertape = await serve(quotes, replay, { endpoints }, clock);
  open.push(papertape);
  const present = await listen(papertape.url, '/v2/sip');
  papertape.run.play();
  await clock.advance(minute * 100n);
  expect(papertape.run.status.pass).toBe(2);
  const delayed = await listen(papertape.url, '/v2/delayed_sip');
  await clock.advance(minute * 60n);
  await Promise.all([present.ended(), delayed.ended()]);
  expect(delayed.events.at(-1)).toMatchObject({ bp: 59 });
});

test('who subscribes after the tape has ended is sent away like everybody else, where the scenario closes at the end', async () => {
  const clock = new ManualClock(opening);
  const papertape = await serve(quotes, { atEnd: 'close', speed: 1000 }, { endpoints }, clock);
  open.push(papertape);
  const first = await listen(papertape.url, '/v2/sip');
  papertape.run.play();
  await clock.advance(minute);
  await first.ended();
  const late = await listen(papertape.url, '/v2/sip');
  await late.ended();
  expect(late.events).toEqual([]);
});

test('a seek in the last loop leaves the delayed stream in that loop too', async () => {
  const clock = new ManualClock(opening);
  const replay = { mode: 'loop', loopCount: 2, atEnd: 'close' } as const;
  const papertape = await serve(quotes, replay, { endpoints }, clock);
  open.push(papertape);
  const present = await listen(papertape.url, '/v2/sip');
  const delayed = await listen(papertape.url, '/v2/delayed_sip');
  papertape.run.play();
  await clock.advance(minute * 90n);
  expect(papertape.run.status.pass).toBe(2);
  await Promise.all([present.settled(), delayed.settled()]);
  const before = [present.events.length, delayed.events.length];
  papertape.run.seek(opening);
  await clock.advance(minute * 200n);
  await Promise.all([present.ended(), delayed.ended()]);
  expect([present.events.length - (before[0] ?? 0), delayed.events.length - (before[1] ?? 0)]).toEqual([60, 60]);
});

test('who joins the delayed stream in a silence hears what ends it no sooner than a quarter of an hour later', async () => {
  const clock = new ManualClock(opening);
  const halves = quotes.map((event, index) => (index < 30 ? event : { ...event, at: event.at + minute * 90n }));
  const papertape = await serve(halves, {}, { endpoints }, clock);
  open.push(papertape);
  const present = await listen(papertape.url, '/v2/sip');
  papertape.run.play();
  await clock.advance(minute * 60n);
  const delayed = await listen(papertape.url, '/v2/delayed_sip');
  await clock.advance(minute * 74n);
  await Promise.all([present.settled(), delayed.settled()]);
  expect([present.events.length, delayed.events.length]).toEqual([45, 0]);
  await clock.advance(minute * 2n);
  await delayed.settled();
  expect(delayed.events.map(({ bp }) => bp)).toEqual([30, 31]);
});

test('a seek into a silence shows a delayed stream nothing of what ends it before a quarter of an hour has passed', async () => {
  const clock = new ManualClock(opening);
  const halves = quotes.map((event, index) => (index < 30 ? event : { ...event, at: event.at + minute * 90n }));
  const papertape = await serve(halves, {}, { endpoints }, clock);
  open.push(papertape);
  const delayed = await listen(papertape.url, '/v2/delayed_sip');
  const present = await listen(papertape.url, '/v2/sip');
  papertape.run.play();
  papertape.run.seek(opening + minute * 60n);
  await clock.advance(minute * 14n);
  await Promise.all([present.settled(), delayed.settled()]);
  expect([present.events.length > 0, delayed.events.length]).toEqual([true, 0]);
  await clock.advance(minute * 120n);
  await delayed.settled();
  expect(delayed.events.map(({ bp }) => bp).slice(0, 2)).toEqual([30, 31]);
});
