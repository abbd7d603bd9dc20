import { expect, test } from 'vitest';
import { SystemClock } from '../../../market/clock.ts';
import type { MarketEvent } from '../../../market/event.ts';
import { openTape, tapeSchema } from '../../../server/sources/index.ts';
import { bar, opening, quote, trade } from '../../helpers/events.ts';
import { eventsOn, folder, Hearer, linesOf, record, sidecarOf } from '../../helpers/recorded.ts';
import { serve } from '../../helpers/serve.ts';

const second = 1_000_000_000n;
const max = { speed: 'max' } as const;
const live = () => new SystemClock();
const tenTrades = Array.from({ length: 10 }, (_, index) =>
  trade(opening + BigInt(index) * second, { id: String(index + 1) }),
);

/** What a wire of Alpaca's carries of a generated market. */
async function generated(): Promise<MarketEvent[]> {
  const at = { from: '2026-07-01T10:00:00-04:00', to: '2026-07-01T10:02:00-04:00' };
  await using source = openTape(tapeSchema.parse({ synthetic: { symbols: ['AAPL', 'MSFT'], ...at, rate: 20 } }), {
    directory: '.',
    seed: 3,
  });
  const events: MarketEvent[] = [];
  for await (const page of source.pages({}, new AbortController().signal)) events.push(...page);
  return events.filter(({ kind }) => kind === 'trade' || kind === 'quote');
}
const beyond = ['sequence', 'participantAt', 'trfId', 'trfAt'];
const carried = (event: MarketEvent): object =>
  Object.fromEntries(Object.entries(event).map(([name, value]) => [name, beyond.includes(name) ? undefined : value]));

test('a recorded tape has the rows of the tape that the vendor plays, and plays the same bytes again', async () => {
  const events = await generated();
  expect(events.length).toBeGreaterThan(500);
  await using place = await folder();
  const tape = place.at('day.ndjson.gz');
  await using vendor = await serve(events, max, {}, live());
  const recorder = await record(vendor.url, { tape });
  using client = new Hearer(`${recorder.url}/v2/sip`);
  await client.subscribe(['trades', 'quotes'], ['AAPL', 'MSFT']);
  vendor.run.play();
  await client.until(() => client.frames.length > 3 && client.told.length === events.length);
  await recorder[Symbol.asyncDispose]();
  const rows = await eventsOn(tape);
  expect(rows).toEqual(events.map(carried));

  await using again = await serve(await eventsOn(tape), max, {}, live());
  using listener = new Hearer(`${again.url}/v2/sip`);
  await listener.subscribe(['trades', 'quotes'], ['AAPL', 'MSFT']);
  again.run.play();
  await listener.until(() => listener.frames.length > 3 && listener.told.length === events.length);
  expect(listener.told).toEqual(client.told);
});

test('its sidecar vouches for it and tells where it is from, what it holds, and that it is not to be passed on', async () => {
  await using place = await folder();
  const tape = place.at('day.ndjson.gz');
  await using vendor = await serve(tenTrades, max, {}, live());
  const recorder = await record(vendor.url, { tape });
  using client = new Hearer(`${recorder.url}/v2/iex?feed=secret-in-query`);
  await client.subscribe(['trades'], ['AAPL']);
  vendor.run.play();
  await client.until(() => client.told.length === 10);
  await recorder[Symbol.asyncDispose]();
  const sidecar = await sidecarOf(tape);
  expect(sidecar).toMatchObject({
    origin: `recorded from ${vendor.url}`,
    symbols: ['AAPL'],
    channels: ['trade'],
    events: 10,
    period: { from: '2026-07-01T14:30:00.000000000Z', to: '2026-07-01T14:30:09.000000000Z' },
    recording: { pieces: [{ end: 'clean', events: 10 }], gaps: [], repeats: 0, strays: 0, paths: ['alpaca /v2/iex'] },
  });
  expect(sidecar.licence).toMatch(/not to be redistributed/);
});

test('bars take their place where the market had come to, and a minute told again is a revision', async () => {
  const minute = opening - (opening % (60n * second));
  const events = [
    trade(minute + 61n * second),
    bar('bar', minute, minute + 62n * second),
    trade(minute + 63n * second, { id: '2' }),
    bar('updated-bar', minute, minute + 90n * second, { close: 231.3 }),
  ];
  await using place = await folder();
  const tape = place.at('day.ndjson');
  await using vendor = await serve(events, max, {}, live());
  const recorder = await record(vendor.url, { tape });
  using client = new Hearer(`${recorder.url}/stocks`);
  await client.until((frames) => frames.length > 0);
  client.say({ action: 'auth', params: 'key-of-polygon' });
  await client.until(({ length }) => length > 1);
  client.say({ action: 'subscribe', params: 'T.AAPL,AM.AAPL' });
  await client.until(({ length }) => length > 2);
  vendor.run.play();
  await client.until((frames) => frames.flatMap(({ data }) => [...data.matchAll(/"ev":"(?:T|AM)"/g)]).length === 4);
  await recorder[Symbol.asyncDispose]();
  const rows = await eventsOn(tape);
  expect(rows.map(({ kind, at }) => [kind, Number((at - minute) / second)])).toEqual([
    ['trade', 61],
    ['bar', 61],
    ['trade', 63],
    ['updated-bar', 63],
  ]);
});

test('two clients that hear the same make one row of it; what one hears twice is two', async () => {
  const twin = trade(opening, { id: '7' });
  await using place = await folder();
  const tape = place.at('day.ndjson');
  await using vendor = await serve(
    [twin, twin, ...tenTrades.slice(1)],
    max,
    { keys: [{ key: 'key', secret: 'secret', plan: 'broker' }] },
    live(),
  );
  const recorder = await record(vendor.url, { tape });
  using one = new Hearer(`${recorder.url}/v2/sip`);
  using other = new Hearer(`${recorder.url}/v2/sip`);
  await Promise.all([one.subscribe(['trades'], ['AAPL']), other.subscribe(['trades'], ['AAPL'])]);
  vendor.run.play();
  await Promise.all([one.until(() => one.told.length === 11), other.until(() => other.told.length === 11)]);
  await recorder[Symbol.asyncDispose]();
  const ids = (await eventsOn(tape)).map((event) => ('id' in event ? event.id : ''));
  expect(ids).toEqual(['7', '7', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  expect(recorder.summary.tape).toMatchObject({ events: 11, repeats: 11 });
});

test('what comes out of order is put in order, and what comes too late is kept beside the tape', async () => {
  const late = [5, 4, 6, 0, 12, 3].map((at, index) => trade(opening + BigInt(at) * second, { id: String(index) }));
  await using place = await folder();
  const tape = place.at('day.ndjson');
  const { TapeRecording } = await import('../../../server/record/tape-recording.ts');
  const recording = await TapeRecording.open({
    path: tape,
    origin: 'wss://vendor.example',
    window: 10n * second,
    clock: live(),
    signal: new AbortController().signal,
    failed: (error) => expect.fail(String(error)),
  });
  for (const event of late) recording.add(event, 1);
  await recording[Symbol.asyncDispose]();
  expect((await eventsOn(tape)).map(({ at }) => Number((at - opening) / second))).toEqual([0, 3, 4, 5, 6, 12]);
  const more = await TapeRecording.open({
    path: tape,
    origin: 'wss://vendor.example',
    window: 10n * second,
    clock: live(),
    signal: new AbortController().signal,
    failed: (error) => expect.fail(String(error)),
  });
  more.add(quote(opening + second), 1);
  more.add(quote(opening + 13n * second), 1);
  more.add(late[0] ?? trade(opening), 1);
  await more[Symbol.asyncDispose]();
  expect(await linesOf(place.at('day.strays.ndjson'))).toHaveLength(1);
  expect((await eventsOn(tape)).at(-1)).toMatchObject({ kind: 'quote', at: opening + 13n * second });
  expect((await sidecarOf(tape)).recording).toMatchObject({
    strays: 1,
    repeats: 1,
    pieces: [{ events: 6 }, { events: 1 }],
  });
});
