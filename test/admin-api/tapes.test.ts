import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { steered } from '../helpers/admin.ts';

const header = 'ticker,conditions,exchange,id,participant_timestamp,price,size\n';
const row = (index: number, price: number | string = 100): string =>
  `X:BTC-USD,1,1,t${index},${1_782_912_600_000_000_000n + BigInt(index) * 1_000_000_000n},${price},1\n`;
const flatFile = header + row(0) + row(1) + row(2);
const csv = (text: string) => ({ body: text, type: 'text/csv' });
const minuteOfAapl = { symbols: ['AAPL'], from: '2026-07-01T13:30:00Z', to: '2026-07-01T13:31:00Z' };

test('ready tapes are listed with what they hold, and each tells how complete it is', async () => {
  await using desk = await steered();
  const { api } = desk;
  const [ready] = await api.listTapes();
  expect(ready).toMatchObject({ name: 'open-2026-07-01.ndjson.gz', origin: 'ready', rows: 3988, licence: 'MIT' });
  expect(ready?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(await api.getTape('open-2026-07-01.ndjson.gz')).toEqual(ready);
  const { rows, symbols } = await api.tapeAvailability('open-2026-07-01.ndjson.gz', '1s');
  expect(rows).toBe(3988);
  expect(symbols.flatMap(({ channels }) => channels.map((one) => one.rows)).reduce((sum, one) => sum + one)).toBe(3988);
  const aapl = symbols.find(({ symbol }) => symbol === 'AAPL');
  expect(aapl).toMatchObject({ market: 'stocks', days: { present: 1, missing: [] } });
  expect(aapl?.channels.map(({ channel }) => channel)).toEqual(expect.arrayContaining(['trade', 'quote']));
  await expect(api.tapeAvailability('open-2026-07-01.ndjson.gz', 'soon')).rejects.toMatchObject({
    problem: { status: 400, errors: [{ field: 'querystring.silence' }] },
  });
});

test.each([
  ['CSV', csv(flatFile)],
  ['CSV packed with gzip', { body: new Uint8Array(gzipSync(flatFile)), type: 'application/gzip' }],
])('%s is uploaded, played by its name, kept while it is played, and deleted', async (_, file) => {
  await using desk = await steered();
  const { api, folder } = desk;
  const { tape, upload } = await api.putTape('mine.ndjson.gz', file, { upload: 'u1', licence: 'CC0-1.0' });
  expect(tape).toMatchObject({
    name: 'mine.ndjson.gz',
    origin: 'own',
    rows: 3,
    symbols: ['BTC/USD'],
    licence: 'CC0-1.0',
  });
  expect(upload).toMatchObject({ id: 'u1', phase: 'done', rows: 3, rejected: 0, share: 1 });
  expect(upload.bytes).toBe(Buffer.byteLength(file.body));
  expect(await api.getUpload('u1')).toEqual(upload);
  const run = await api.createRun({ id: 'one', scenario: { tapes: [{ file: 'mine.ndjson.gz' }] } });
  expect(run.from).toBe('2026-07-01T13:30:00.000Z');
  const kept = { problem: { status: 409, detail: expect.stringContaining('run one plays mine.ndjson.gz') } };
  await expect(api.deleteTape('mine.ndjson.gz')).rejects.toMatchObject(kept);
  await expect(api.putTape('mine.ndjson.gz', file)).rejects.toMatchObject(kept);
  await api.stopRun('one');
  await api.deleteTape('mine.ndjson.gz');
  expect(await readdir(join(folder, 'tapes'))).toEqual([]);
  await expect(api.getTape('mine.ndjson.gz')).rejects.toMatchObject({ problem: { status: 404 } });
});

test('what NDJSON of a tape says comes back as it was', async () => {
  await using desk = await steered();
  const { api } = desk;
  const made = await api.generateTape({ name: 'one.ndjson', market: minuteOfAapl, upload: 'g1' });
  expect(made).toMatchObject({ tape: { symbols: ['AAPL'], licence: 'CC0-1.0' }, upload: { phase: 'done', share: 1 } });
  const body = await readFile(join(desk.folder, 'tapes', 'one.ndjson'), 'utf8');
  const again = await api.putTape('two.ndjson', { body, type: 'application/x-ndjson' });
  expect(again.tape.sha256).toBe(made.tape.sha256);
});

test('rows that cannot be read are told with their lines, and a file of nothing else is refused', async () => {
  await using desk = await steered();
  const { api, folder } = desk;
  const { upload, tape } = await api.putTape('some.ndjson', csv(flatFile + row(3, 'dear')));
  expect(tape.rows).toBe(3);
  expect(upload).toMatchObject({ rejected: 1, rejects: [{ line: 5, value: 'dear' }] });
  await expect(api.putTape('none.ndjson', csv(header + row(0, 'dear')))).rejects.toMatchObject({
    problem: { status: 422, errors: [{ field: 'body', line: 2, value: 'dear' }] },
  });
  for (const body of ['what is this?\n', '']) {
    const refused = await api.putTape('none.ndjson', csv(body), { upload: 'bad' }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ problem: { status: body === '' ? 400 : 422 } });
    expect(JSON.stringify(refused)).not.toContain(folder);
    expect(await api.getUpload('bad')).toMatchObject({ phase: 'failed', error: expect.any(String) });
  }
  expect((await readdir(join(folder, 'tapes'))).toSorted()).toEqual(['some.ndjson', 'some.ndjson.meta.json']);
});

test('an upload that is cut off or too large leaves nothing behind', async () => {
  await using desk = await steered({}, { limits: { tapeBytes: 100_000 } });
  const { api, folder, admin } = desk;
  await expect(api.putTape('big.ndjson', csv(header + 'x'.repeat(200_000)))).rejects.toMatchObject({
    problem: { status: 413 },
  });
  const stream = new Blob([flatFile, 'x'.repeat(200_000)]).stream();
  await expect(api.putTape('big.ndjson', { body: stream, type: 'text/csv' })).rejects.toMatchObject({
    problem: { status: 413 },
  });
  const cut = request(`${admin.url}/tapes/cut.ndjson?upload=cut`, {
    method: 'PUT',
    headers: { 'content-type': 'text/csv' },
  });
  cut.on('error', () => undefined);
  cut.write(flatFile);
  await expect.poll(async () => (await api.getUpload('cut').catch(() => undefined))?.bytes).toBe(flatFile.length);
  await expect(api.putTape('cut.ndjson', csv(flatFile))).rejects.toMatchObject({ problem: { status: 409 } });
  cut.destroy();
  await expect.poll(async () => (await api.getUpload('cut')).phase).toBe('failed');
  await expect.poll(async () => await readdir(join(folder, 'tapes'))).toEqual([]);
});

test('an upload that has not ended when the server stops leaves nothing behind either', async () => {
  await using desk = await steered();
  const { api, folder, admin } = desk;
  const cut = request(`${admin.url}/tapes/cut.ndjson?upload=cut`, {
    method: 'PUT',
    headers: { 'content-type': 'text/csv' },
  });
  cut.on('error', () => undefined);
  cut.write(flatFile);
  await expect.poll(async () => (await api.getUpload('cut').catch(() => undefined))?.bytes).toBe(flatFile.length);
  await admin[Symbol.asyncDispose]();
  expect(await readdir(join(folder, 'tapes'))).toEqual([]);
});

test('a generated tape is refused with the option that is wrong, and one without end in time', async () => {
  await using desk = await steered({}, { limits: { tapeBytes: 4096 } });
  const { api, folder } = desk;
  await expect(api.generateTape({ name: 'a.ndjson', market: { symbls: ['A'] } })).rejects.toMatchObject({
    problem: { status: 422, errors: [{ field: expect.stringContaining('body.market') }] },
  });
  await expect(
    api.generateTape({ name: 'a.ndjson', market: { symbols: ['A'], day: '2026-07-01', rate: 1000 } }),
  ).rejects.toMatchObject({ problem: { status: 413 } });
  expect(await readdir(join(folder, 'tapes'))).toEqual([]);
});

test('ready tapes stay, links are no tapes, and a name is a name', async () => {
  await using desk = await steered();
  const { api, folder } = desk;
  await writeFile(join(folder, 'out.ndjson'), '');
  await symlink(join(folder, 'out.ndjson'), join(folder, 'tapes', 'link.ndjson'));
  expect((await api.listTapes()).map(({ name }) => name)).not.toContain('link.ndjson');
  await expect(api.deleteTape('link.ndjson')).rejects.toMatchObject({ problem: { status: 404 } });
  const ready = 'open-2026-07-01.ndjson.gz';
  await expect(api.deleteTape(ready)).rejects.toMatchObject({ problem: { status: 409 } });
  await expect(api.putTape(ready, csv(flatFile))).rejects.toMatchObject({ problem: { status: 409 } });
  for (const name of ['../a.ndjson', 'a.txt', '.ndjson', '.a.ndjson', 'a\0.ndjson', 'a'.repeat(200) + '.ndjson']) {
    await expect(api.putTape(name, csv(flatFile))).rejects.toMatchObject({ problem: { status: 400 } });
  }
});
