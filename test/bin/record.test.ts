import { readFile, truncate } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { SystemClock } from '../../market/clock.ts';
import { opening, trade } from '../helpers/events.ts';
import { eventsOn, folder, Hearer, sidecarOf } from '../helpers/recorded.ts';
import { serve } from '../helpers/serve.ts';
import { papertape, type Running, start } from './papertape.ts';

const second = 1_000_000_000n;
const trades = Array.from({ length: 40 }, (_, index) =>
  trade(opening + BigInt(index) * second, { id: String(index + 1) }),
);

async function addressOf(recorder: Running): Promise<string> {
  const said = await recorder.heard(/in place of/);
  return /ws:\/\/127\.0\.0\.1:\d+/.exec(said.slice(said.indexOf('\n')))?.[0] ?? '';
}

test('a recording that was killed is a whole tape, and goes on without a row twice when it is started again', async () => {
  await using place = await folder();
  const tape = place.at('day.ndjson.gz');
  const words = ['record', '--tape', tape, '--port', '0', '--log-level', 'warn'];
  await using morning = await serve(trades.slice(0, 20), { speed: 'max' }, {}, new SystemClock());
  {
    await using recorder = start([...words, '--upstream', morning.url]);
    using client = new Hearer(`${await addressOf(recorder)}/v2/sip`);
    await client.subscribe(['trades'], ['AAPL']);
    morning.run.play();
    await client.until(() => client.told.length === 20);
    // Two seconds of market time are held back, and written when a second has passed without anything new.
    const state = async (): Promise<unknown> => JSON.parse(await readFile(`${tape}.recording.json`, 'utf8'));
    await expect.poll(state, { timeout: 10_000 }).toMatchObject({ pieces: [{ events: 20, end: 'cut' }] });
  }
  expect(await eventsOn(tape)).toHaveLength(20);
  // What a failure of the power does: half a piece stands behind the last whole one.
  const whole = (await readFile(tape)).length;
  await truncate(tape, whole + 100);

  await using day = await serve(trades, { speed: 'max' }, {}, new SystemClock());
  await using again = start([...words, '--upstream', day.url]);
  using client = new Hearer(`${await addressOf(again)}/v2/sip`);
  await client.subscribe(['trades'], ['AAPL']);
  day.run.play();
  await client.until(() => client.told.length === 40);
  again.signal('SIGINT');
  const { code, out } = await again.ending;
  expect(code).toBe(0);
  expect(out).toContain('20 events, piece 2');
  expect(out).toContain('100 bytes of a piece that was not finished before were cut off');
  expect(out).toContain('20 heard once more');
  expect((await eventsOn(tape)).map((event) => 'id' in event && event.id)).toEqual(trades.map(({ id }) => id));
  const { recording, events } = await sidecarOf(tape);
  expect(events).toBe(40);
  expect(recording).toMatchObject({
    pieces: [
      { end: 'cut', events: 20 },
      { end: 'clean', events: 20 },
    ],
    repeats: 20,
  });
  expect(recording?.gaps).toHaveLength(1);
});

test('drift is told in a table and in a file, and fails only when asked to', async () => {
  await using place = await folder();
  const drift = place.at('drift.json');
  const steps = { rules: [{ id: 'odd', when: { message: { every: 10 } }, inject: { wrongType: {} } }] };
  await using vendor = await serve(trades, { speed: 'max' }, steps, new SystemClock());
  await using recorder = start([
    'record',
    '--upstream',
    vendor.url,
    '--drift',
    drift,
    '--fail-on-drift',
    '--port',
    '0',
  ]);
  using client = new Hearer(`${await addressOf(recorder)}/v2/sip`);
  await client.subscribe(['trades'], ['AAPL']);
  vendor.run.play();
  await client.until(() => client.told.length === 40);
  recorder.signal('SIGTERM');
  const { code, out } = await recorder.ending;
  expect(out).toMatch(/alpaca +\/v2\/sip +t +40 +\d finding/);
  expect(JSON.parse(await readFile(drift, 'utf8'))).toMatchObject({ types: [{ type: 't', messages: 40 }] });
  expect(code).toBe(1);
});

test('a tape that is none of ours, an unknown vendor, and nothing to record to are refused with a way out', async () => {
  await using place = await folder();
  const upstream = ['--upstream', 'ws://127.0.0.1:1', '--port', '0'];
  const tape = place.at('day.ndjson');
  await papertape(['tape', 'generate', tape, '--day', '2026-07-01', '--symbols', 'AAPL', '--rate', '1']);
  const [foreign, parquet, vendor, nothing, url] = await Promise.all([
    papertape(['record', ...upstream, '--tape', tape]),
    papertape(['record', ...upstream, '--tape', place.at('day.parquet')]),
    papertape(['record', ...upstream, '--frames', place.at('f.ndjson'), '--vendor', 'alpacca']),
    papertape(['record', ...upstream]),
    papertape(['record', '--upstream', 'stream.example', '--frames', place.at('f.ndjson')]),
  ]);
  expect([foreign.code, foreign.err]).toEqual([2, expect.stringContaining('record to another file')]);
  expect([parquet.code, parquet.err]).toEqual([2, expect.stringContaining('papertape tape import')]);
  expect([vendor.code, vendor.err]).toEqual([2, expect.stringContaining('alpacca')]);
  expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining('--tape, --frames or --drift')]);
  expect([url.code, url.err]).toEqual([2, expect.stringContaining('wss://')]);
});
