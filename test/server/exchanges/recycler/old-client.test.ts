import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ManualClock } from '../../../../market/clock.ts';
import { minute } from '../../../../market/nanos.ts';
import type { Bar, Nanos } from '../../../../market/event.ts';
import { Caller } from '../../../helpers/caller.ts';
import { bar, opening, trade } from '../../../helpers/events.ts';
import { serve } from '../../../helpers/serve.ts';
import { OldClient } from './old-client.ts';

const minuteBar = (symbol: string, index: number, given: Partial<Bar> = {}): Bar => {
  const start: Nanos = opening + BigInt(index) * minute;
  return bar('bar', start, start + minute, { symbol, close: 200 + index, ...given });
};
const tape = [0, 1, 2].flatMap((index) => [minuteBar('AAPL', index), minuteBar('MSFT', index, { volume: 12.6 })]);
const compat = { endpoints: { recycler: {} } };
const playing = { startOn: 'subscribed' } as const;

test('the old client connects to the bare address, says nothing, and is sent an array of seven-key bars a minute', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(tape, playing, compat, clock);
  await using client = await OldClient.connect(papertape.url, ['AAPL', 'MSFT']);
  for (const count of [1, 2, 3]) {
    await client.heard(count);
    await clock.advance(minute - 1n);
    await client.settle();
    expect(client.frames).toHaveLength(count);
    await clock.advance(1n);
  }
  expect(client.frames[0]).toBe(
    '[{"S":"AAPL","t":"2026-07-01T14:30:00Z","o":231.4,"h":231.52,"l":231.31,"c":200,"v":18422},' +
      '{"S":"MSFT","t":"2026-07-01T14:30:00Z","o":231.4,"h":231.52,"l":231.31,"c":200,"v":13}]',
  );
  expect(client.save().map(({ symbol, timestamp, close }) => `${symbol} ${timestamp} ${close}`)).toEqual([
    'AAPL 2026-07-01T14:30:00+00:00 200',
    'MSFT 2026-07-01T14:30:00+00:00 200',
    'AAPL 2026-07-01T14:31:00+00:00 201',
    'MSFT 2026-07-01T14:31:00+00:00 201',
    'AAPL 2026-07-01T14:32:00+00:00 202',
    'MSFT 2026-07-01T14:32:00+00:00 202',
  ]);
});

test('a tape of trades reaches it as bars, all symbols of a minute in one frame', async () => {
  const clock = new ManualClock(opening);
  const trades = [0n, 1n, 2n].flatMap((index) =>
    ['AAPL', 'MSFT', 'SPY'].map((symbol) => trade(opening + index * minute, { symbol, price: 200 + Number(index) })),
  );
  await using papertape = await serve(trades, playing, compat, clock);
  await using client = await OldClient.connect(papertape.url, ['AAPL', 'MSFT', 'SPY']);
  await client.settle();
  await clock.advance(minute);
  await client.heard(1);
  await clock.advance(minute);
  await client.heard(2);
  const closes = client.frames.map((text) => [...text.matchAll(/"c":(\d+)/g)].map(([, price]) => price));
  expect(closes.slice(0, 2)).toEqual([
    ['200', '200', '200'],
    ['201', '201', '201'],
  ]);
});

test.each([
  ['none', 'returned'],
  ['clean', 'spinning'],
] as const)('with closeFrames %s the end of the tape leaves the old client %s', async (closeFrames, state) => {
  const clock = new ManualClock(opening);
  const endpoints = { recycler: { closeFrames } };
  await using papertape = await serve(tape, { ...playing, atEnd: 'close' }, { endpoints }, clock);
  await using client = await OldClient.connect(papertape.url, ['AAPL', 'MSFT']);
  await client.heard(1);
  await clock.advance(minute * 5n);
  await client.ended();
  expect(client.frames).toHaveLength(3);
  expect(client.state).toBe(state);
});

test('stamped with the present, times have six decimals or none, and every bar is saved', async () => {
  const clock = new ManualClock(opening + 123_450_000n);
  await using papertape = await serve(tape, { ...playing, timestamps: 'now', speed: 10 }, compat, clock);
  await using client = await OldClient.connect(papertape.url, ['AAPL', 'MSFT']);
  await client.heard(1);
  await clock.advance(minute);
  await client.heard(3);
  expect(client.save()).toHaveLength(6);
  expect(client.frames[0]).toMatch(/"t":"2026-07-01T14:\d\d:\d\d\.\d{6}Z"/);
});

test('what its documents promise and it never did: auth and subscribe are answered, and only what was asked comes then', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(tape, { startOn: 'command' }, compat, clock);
  await using caller = await Caller.connect(papertape.url, clock);
  const text = async (): Promise<string | undefined> => {
    const heard = await caller.next(minute * 2n);
    return heard?.kind === 'message' ? heard.payload.toString() : heard?.kind;
  };
  for (const frame of ['not JSON', '[1]', '{"action":"dance"}', 'null']) caller.socket.send(frame);
  caller.socket.send('{"action":"auth","key":"k","secret":"s"}');
  caller.socket.send('{"action":"subscribe","bars":["MSFT"],"trades":[],"quotes":[],"updatedBars":[],"dailyBars":[]}');
  expect(await text()).toBe('[{"T":"success","msg":"authenticated"}]');
  expect(await text()).toBe(
    '[{"T":"subscription","trades":[],"quotes":[],"bars":["MSFT"],"updatedBars":[],"dailyBars":[]}]',
  );
  papertape.run.play();
  expect(await text()).toMatch(/^\[\{"S":"MSFT","t":"2026-07-01T14:30:00Z"[^{]*\}\]$/);
  caller.socket.send('{"action":"unsubscribe","bars":["MSFT"]}');
  expect(await text()).toBe('[{"T":"subscription","trades":[],"quotes":[],"bars":[],"updatedBars":[],"dailyBars":[]}]');
  expect(await text()).toBeUndefined();
});

test('two clients share one tape and hear the same bytes; the second does not begin at row 0', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(tape, playing, compat, clock);
  await using first = await OldClient.connect(papertape.url, ['AAPL', 'MSFT']);
  await first.heard(1);
  await using second = await OldClient.connect(papertape.url, ['AAPL', 'MSFT']);
  await second.settle();
  await clock.advance(minute);
  await Promise.all([first.heard(2), second.heard(1)]);
  expect(second.frames).toEqual(first.frames.slice(1));
  expect(second.frames[0]).toContain('"t":"2026-07-01T14:31:00Z"');
});

test('it answers only where it is named, and beside Alpaca on the same port', async () => {
  const refused = async (url: string): Promise<unknown> => {
    const [error] = await once(new WebSocket(url), 'error');
    return error instanceof Error ? error.message : error;
  };
  await using plain = await serve(tape);
  expect(await refused(plain.url)).toBe('Unexpected server response: 404');
  const clock = new ManualClock(opening);
  await using both = await serve(tape, playing, { endpoints: { alpaca: {}, recycler: { path: '/old' } } }, clock);
  expect(await refused(both.url)).toBe('Unexpected server response: 404');
  await using client = await OldClient.connect(`${both.url}/old`, ['AAPL']);
  await using caller = await Caller.connect(`${both.url}/v2/iex`, clock);
  const greeting = await caller.next(0n);
  expect(greeting?.kind === 'message' && greeting.payload.toString()).toBe('[{"T":"success","msg":"connected"}]');
  await client.heard(1);
  expect(client.cache.size).toBe(1);
});
