import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import { steered } from '../helpers/admin.ts';

const minuteOfAapl = { symbols: ['AAPL'], from: '2026-07-01T13:30:00Z', to: '2026-07-01T13:31:00Z' };
const scenario = (name: string): string => `name: ${name}\ntapes: [{ synthetic: { symbols: [AAPL] } }]\n`;
const rows = Array.from(
  { length: 3000 },
  (_, index) => `X:BTC-USD,1,1,t${index},${1_782_912_600_000_000_000n + BigInt(index) * 1_000_000_000n},100,1`,
);
const flatFile = `ticker,conditions,exchange,id,participant_timestamp,price,size\n${rows.join('\n')}\n`;
const upload = { body: flatFile, type: 'text/csv' };
const patience = { timeout: 10_000 };
const refusal = (status: number, ...words: readonly string[]) => ({
  problem: { status, detail: expect.stringMatching(new RegExp(words.join('.*'))) },
});

test('no more tapes of one’s own are made than may be; a tape that is there can be made anew, and one that is deleted makes room', async () => {
  await using desk = await steered({}, { limits: { tapes: 2 } });
  const { api } = desk;
  const generate = async (name: string) => await api.generateTape({ name, market: minuteOfAapl });
  const made = await Promise.allSettled(['a.ndjson', 'b.ndjson', 'c.ndjson'].map(generate));
  expect(made.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  const [one = ''] = (await api.listTapes()).filter(({ origin }) => origin === 'own').map(({ name }) => name);
  await generate(one);
  const full = refusal(409, 'at most 2 tapes', 'PAPERTAPE_MAX_TAPES', 'delete one');
  await expect(generate('d.ndjson')).rejects.toMatchObject(full);
  await expect(api.putTape('d.ndjson', upload)).rejects.toMatchObject(full);
  await api.deleteTape(one);
  expect((await generate('d.ndjson')).tape.name).toBe('d.ndjson');
});

test('a tape that finds no room in bytes is refused and leaves nothing behind, whether its size is told before or not', async () => {
  await using desk = await steered({}, { limits: { shelfBytes: 40_000 } });
  const { api, folder } = desk;
  const full = refusal(507, 'at most 40000 bytes of all your tapes', 'PAPERTAPE_MAX_SHELF_BYTES', 'delete tapes');
  await expect(api.putTape('told.ndjson', upload)).rejects.toMatchObject(full);
  const stream = { body: new Blob([flatFile]).stream(), type: 'text/csv' };
  await expect(api.putTape('untold.ndjson', stream)).rejects.toMatchObject(full);
  await expect(api.generateTape({ name: 'made.ndjson', market: { ...minuteOfAapl, rate: 50 } })).rejects.toMatchObject(
    full,
  );
  expect(await readdir(join(folder, 'tapes'))).toEqual([]);
});

test('what is on its way counts too: an upload that outgrows the room is stopped while it comes, and hears why', async () => {
  const clock = new ManualClock(seconds(1_780_000_000));
  await using desk = await steered({}, { clock, limits: { shelfBytes: 40_000 } });
  const { api, admin, folder } = desk;
  const sent = request(`${admin.url}/tapes/big.ndjson?upload=big`, {
    method: 'PUT',
    headers: { 'content-type': 'text/csv' },
  });
  const status = new Promise((told, failed) => {
    sent.on('response', (answer) => told(answer.resume().statusCode));
    sent.on('error', failed);
  });
  sent.write(flatFile.slice(0, 50_000));
  await expect.poll(async () => (await api.getUpload('big').catch(() => undefined))?.bytes, patience).toBe(50_000);
  await clock.advance(seconds(2));
  expect(await status).toBe(507);
  expect(await api.getUpload('big')).toMatchObject({
    phase: 'failed',
    error: expect.stringContaining('at most 40000'),
  });
  await expect.poll(async () => await readdir(join(folder, 'tapes'))).toEqual([]);
});

test('a tape of more bytes than one may have is refused before it is sent', async () => {
  await using desk = await steered({}, { limits: { tapeBytes: 10_000 } });
  const large = refusal(413, 'at most 10000 bytes of one tape', 'PAPERTAPE_MAX_TAPE_BYTES', 'in parts');
  await expect(desk.api.putTape('big.ndjson', upload)).rejects.toMatchObject(large);
});

test('no more tapes are made at once than may be', async () => {
  await using desk = await steered({}, { limits: { tapeWorks: 1 } });
  const { api, admin } = desk;
  const slow = request(`${admin.url}/tapes/slow.ndjson?upload=slow`, {
    method: 'PUT',
    headers: { 'content-type': 'text/csv' },
  });
  slow.on('error', () => undefined);
  slow.write(flatFile);
  await expect
    .poll(async () => (await api.getUpload('slow').catch(() => undefined))?.bytes, patience)
    .toBe(flatFile.length);
  const busy = refusal(429, 'at most 1 tapes made at once', 'PAPERTAPE_MAX_TAPE_WORKS', 'wait');
  await expect(api.putTape('b.ndjson', upload)).rejects.toMatchObject(busy);
  await expect(api.generateTape({ name: 'b.ndjson', market: minuteOfAapl })).rejects.toMatchObject(busy);
  slow.destroy();
  await expect.poll(async () => (await api.getUpload('slow')).phase).toBe('failed');
  expect((await api.putTape('b.ndjson', upload)).tape.rows).toBe(3000);
});

test('no more scenarios are uploaded than may be; one that is there can be replaced', async () => {
  await using desk = await steered({}, { limits: { scenarios: 2 } });
  const { api } = desk;
  const names = ['a', 'b', 'c'];
  const put = await Promise.allSettled(names.map(async (name) => await api.putScenario(name, scenario(name))));
  expect(put.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  const full = refusal(409, 'at most 2 uploaded scenarios', 'PAPERTAPE_MAX_SCENARIOS', 'delete one');
  await expect(api.putScenario('d', scenario('d'))).rejects.toMatchObject(full);
  const [one = ''] = (await api.listScenarios()).filter(({ origin }) => origin === 'uploaded').map(({ name }) => name);
  await api.putScenario(one, scenario('anew'));
  await api.deleteScenario(one);
  expect(await api.putScenario('d', scenario('d'))).toMatchObject({ name: 'd' });
});
