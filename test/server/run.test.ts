import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { millis, minute, seconds } from '../../market/nanos.ts';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { Papertape } from '../../server/index.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { opening, quote } from '../helpers/events.ts';
import { Listener } from '../helpers/listener.ts';
import { serve } from '../helpers/serve.ts';

const clock = new ManualClock(opening);
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
});

/** Quotes a second apart; each one's bid is its number. */
const quotes = (count: number, gap = seconds(1)): MarketEvent[] =>
  Array.from({ length: count }, (_, index) => quote(opening + gap * BigInt(index), { bidPrice: index }));

async function exchange(
  replay: NonNullable<ScenarioInput['replay']>,
  rest: Partial<ScenarioInput> = {},
  events = quotes(5),
): Promise<Papertape> {
  const endpoints = { alpaca: { serverPing: 'off' } } as const;
  const papertape = await serve(events, replay, { endpoints, ...rest }, clock);
  open.push(papertape);
  return papertape;
}

async function listen(papertape: Papertape, path = '/v2/sip', wishes: object = { quotes: ['*'] }): Promise<Listener> {
  const listener = await Listener.subscribed(papertape.url + path, wishes);
  open.push(listener);
  return listener;
}

/** Numbers of the quotes heard. */
async function heard(listener: Listener): Promise<unknown[]> {
  await listener.settled();
  return listener.events.map(({ bp }) => bp);
}

test('startOn connected: the tape runs from the first connection, whoever subscribes later hears the rest', async () => {
  const papertape = await exchange({ startOn: 'connected' });
  open.push(await Listener.connect(`${papertape.url}/v2/iex`));
  await clock.advance(seconds(2.5));
  const late = await listen(papertape);
  await clock.advance(seconds(10));
  expect(await heard(late)).toEqual([3, 4]);
});

test('startOn subscribed: the first subscription starts the tape, a login does not', async () => {
  const papertape = await exchange({ startOn: 'subscribed' });
  const idle = await Listener.connect(`${papertape.url}/v2/iex`);
  open.push(idle);
  await idle.ask({ action: 'auth', key: 'k', secret: 's' }, 2);
  await clock.advance(seconds(100));
  expect(papertape.run.status.phase).toBe('waiting');
  const listener = await listen(papertape);
  await clock.advance(seconds(10));
  expect(await heard(listener)).toEqual([0, 1, 2, 3, 4]);
});

test('startOn command: nothing moves until play', async () => {
  const papertape = await exchange({ startOn: 'command' });
  const listener = await listen(papertape);
  await clock.advance(seconds(100));
  expect(await heard(listener)).toEqual([]);
  papertape.run.play();
  await clock.advance(seconds(1));
  expect(await heard(listener)).toEqual([0, 1]);
});

test('a new subscription does not resume a tape that was paused, nor does one to the test stream start it', async () => {
  const papertape = await exchange({ startOn: 'subscribed' });
  await listen(papertape, '/v2/test');
  await clock.advance(seconds(3));
  expect(papertape.run.status.phase).toBe('waiting');
  await listen(papertape);
  papertape.run.pause();
  const other = await listen(papertape, '/v2/iex');
  await clock.advance(seconds(10));
  expect(papertape.run.status.phase).toBe('paused');
  expect((await heard(other)).length).toBeLessThan(2);
});

test('single_pass and keep: the connection stays open and silent after the end', async () => {
  const papertape = await exchange({ atEnd: 'keep' });
  const listener = await listen(papertape);
  papertape.run.play();
  await clock.advance(seconds(100));
  expect(await heard(listener)).toEqual([0, 1, 2, 3, 4]);
  expect(papertape.run.status.phase).toBe('ended');
  expect(listener.closeCode).toBeUndefined();
});

test('single_pass and close: the connection ends after the last event, without a Close frame', async () => {
  const papertape = await exchange({ atEnd: 'close' });
  const listener = await listen(papertape);
  papertape.run.play();
  await clock.advance(seconds(10));
  await listener.ended();
  expect(listener.events).toHaveLength(5);
  expect(listener.closeCode).toBe(1006);
});

test('loopCount 3 plays three times and ends', async () => {
  const papertape = await exchange({ mode: 'loop', loopCount: 3, speed: 10 });
  const listener = await listen(papertape);
  papertape.run.play();
  await clock.advance(seconds(60));
  expect(await heard(listener)).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
  expect(papertape.run.status).toMatchObject({ phase: 'ended', pass: 3 });
});

test('timestamps shifted: whole minutes, from now on, never backwards over the loops', async () => {
  const papertape = await exchange({ mode: 'loop', loopCount: 40, speed: 1000, timestamps: 'shifted' }, {}, quotes(90));
  const listener = await listen(papertape);
  const start = clock.now();
  papertape.run.play();
  await clock.advance(seconds(60));
  await listener.settled();
  const times = listener.events.map(({ t }) => BigInt(Date.parse(String(t))) * 1_000_000n);
  expect(times).toHaveLength(3600);
  expect(times).toEqual(times.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  for (const [index, time] of times.entries()) expect((time - opening - seconds(index % 90)) % minute).toBe(0n);
  expect((times[0] ?? 0n) <= start && (times[0] ?? 0n) > start - minute).toBe(true);
});

test('timestamps now: every event carries the moment it was sent', async () => {
  const papertape = await exchange({ timestamps: 'now', frameWindow: '0s' });
  const listener = await listen(papertape);
  const start = clock.now();
  papertape.run.play();
  await clock.advance(seconds(10));
  await listener.settled();
  expect(listener.events.map(({ t }) => Date.parse(String(t)))).toEqual(
    [0, 1, 2, 3, 4].map((after) => millisOf(start + seconds(after))),
  );
});

test('timestamps now at speed max: what is sent at once says one instant, however far apart it was', async () => {
  const papertape = await exchange({ timestamps: 'now', speed: 'max' });
  const listener = await listen(papertape);
  const start = clock.now();
  papertape.run.play();
  await clock.advance(0n);
  await listener.settled();
  expect(new Set(listener.events.map(({ t }) => Date.parse(String(t))))).toEqual(new Set([millisOf(start)]));
});

test('the delayed stream plays every event 15 minutes later, also for who comes late and after a seek', async () => {
  const papertape = await exchange({}, {}, quotes(200, seconds(10)));
  const present = await listen(papertape);
  const delayed = await listen(papertape, '/v2/delayed_sip');
  papertape.run.play();
  await clock.advance(minute * 16n);
  expect(present.events).toHaveLength(97);
  expect(await heard(delayed)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  papertape.run.seek(opening + minute * 30n);
  await clock.advance(seconds(20));
  expect((await heard(present)).slice(97)).toEqual([180, 181, 182]);
  expect((await heard(delayed)).slice(7)).toEqual([90, 91, 92]);
});

test('the test stream is alive and on time whatever the scenario does', async () => {
  const papertape = await exchange({ atEnd: 'close' });
  await Listener.connect(`${papertape.url}/v2/test`).then((idle) => open.push(idle));
  await clock.advance(minute * 7n + seconds(13));
  const listener = await listen(papertape, '/v2/test', {
    trades: ['FAKEPACA'],
    quotes: ['FAKEPACA'],
    bars: ['FAKEPACA'],
  });
  papertape.run.play();
  papertape.run.pause();
  await clock.advance(seconds(30));
  papertape.run.play();
  await clock.advance(seconds(60));
  expect(papertape.run.status.phase).toBe('ended');
  const off: number[] = [];
  for (let step = 0; step < 600; step++) {
    const before = listener.events.length;
    await clock.advance(millis(100));
    await listener.settled();
    for (const { T, t } of listener.events.slice(before))
      if (T !== 'b') off.push(millisOf(clock.now()) - Date.parse(String(t)));
  }
  expect(new Set(listener.events.map(({ T }) => T))).toEqual(new Set(['t', 'q', 'b']));
  expect(off.length).toBeGreaterThan(15);
  expect(Math.min(...off)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...off)).toBeLessThanOrEqual(101);
});

test('a range beyond the tape is refused with the range there is', async () => {
  const range = { from: '2026-07-01T14:00:00Z', to: '2026-07-01T14:30:03Z' };
  await expect(exchange({ mode: 'date_range', range })).rejects.toThrow(
    /2026-07-01T14:30:00.000Z to 2026-07-01T14:30:04.000Z/,
  );
  await exchange({ mode: 'date_range', range: { from: '2026-07-01', to: '2026-07-01' } });
  const papertape = await exchange({ mode: 'date_range', range: { ...range, outside: 'clip' } });
  const listener = await listen(papertape);
  papertape.run.play();
  await clock.advance(seconds(30));
  expect(await heard(listener)).toEqual([0, 1, 2]);
});

test('too many connections in a minute are answered with 429, and the next minute is open again', async () => {
  const papertape = await exchange({}, { limits: { connectsPerMinute: 2 } });
  for (let call = 0; call < 2; call++) open.push(await Listener.connect(`${papertape.url}/v2/iex`));
  await expect(Listener.connect(`${papertape.url}/v2/iex`)).rejects.toThrow('429');
  await clock.advance(minute);
  open.push(await Listener.connect(`${papertape.url}/v2/iex`));
});

test('seek and step refuse what is no instant and no step, and the tape stays where it is', async () => {
  const papertape = await exchange({});
  const { run } = papertape;
  // As a program without types would call them.
  const call = (name: 'seek' | 'step', ...given: unknown[]): void => void Reflect.apply(run[name], run, given);
  for (const at of [5, '2026-07-01', undefined, null, new Date(0), 2n ** 63n]) {
    expect(() => call('seek', at)).toThrow(RangeError);
  }
  expect(() => call('seek', 5)).toThrow(/^5 is not an instant; use nanoseconds since 1970 as a bigint/);
  for (const what of ['events', undefined, 1]) expect(() => call('step', what)).toThrow(RangeError);
  expect(() => call('step', 'bars')).toThrow(/^bars is not a step; use event or bar$/);
  const listener = await listen(papertape);
  run.step('event');
  await clock.advance(0n);
  expect(await heard(listener)).toEqual([0]);
});

test('a broker’s header without a colon is a failed login, and the socket stays open for a better one', async () => {
  const papertape = await exchange({});
  const listener = await Listener.connect(`${papertape.url}/v2/iex`, { headers: { authorization: 'Basic zzz' } });
  open.push(listener);
  await listener.until(() => listener.controls.length === 2);
  expect(listener.controls[1]).toEqual({ T: 'error', code: 402, msg: 'auth failed' });
  expect(await listener.ask({ action: 'auth', key: 'k', secret: 's' })).toMatchObject({ msg: 'authenticated' });
});

test('a path nobody serves is answered with 404, a path below the vendor with the stream', async () => {
  const papertape = await exchange({ startOn: 'subscribed' });
  for (const path of ['/', '/v2', '/v2/iexx', '/polygon/v2/iex', '/alpaca', '/v2/iex/x']) {
    await expect(Listener.connect(papertape.url + path)).rejects.toThrow('404');
  }
  const listener = await listen(papertape, '/alpaca/v2/iex');
  await clock.advance(seconds(10));
  expect(await heard(listener)).toHaveLength(5);
});

function millisOf(at: Nanos): number {
  return Number(at / 1_000_000n);
}
