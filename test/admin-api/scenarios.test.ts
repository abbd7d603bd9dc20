import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { steered } from '../helpers/admin.ts';

const mine = `# Learn here: how one stock trades,
# in a minute.
name: mine
description: A minute of one stock.
tapes:
  - synthetic: { symbols: [AAPL], from: "2026-07-01T13:30:00Z", to: "2026-07-01T13:31:00Z" }
replay: { startOn: command }
`;

test('the ready scenarios are listed with what they teach, and each is read and opened by its name', async () => {
  await using desk = await steered();
  const list = await desk.api.listScenarios();
  expect(list.map(({ name }) => name)).toEqual(expect.arrayContaining(['default', 'market-open', 'reset-storm']));
  expect(
    list.filter(({ origin, isValid, teaches }) => origin !== 'ready' || !isValid || teaches === undefined),
  ).toEqual([]);
  expect(list.find(({ name }) => name === 'ci')?.teaches).toMatch(/^whether a change broke your client/);
  const one = await desk.api.getScenario('ci');
  expect(one.text).toContain('name: ci');
  expect(one.problems).toEqual([]);
  expect(await desk.api.createRun({ scenario: 'ci' })).toMatchObject({ scenario: 'ci' });
});

test('a scenario is uploaded, listed, replaced, opened by its name and deleted', async () => {
  await using desk = await steered();
  const { api, folder } = desk;
  const put = await api.putScenario('mine', mine);
  expect(put).toMatchObject({ name: 'mine', origin: 'uploaded', isValid: true, description: 'A minute of one stock.' });
  expect(put.teaches).toBe('how one stock trades, in a minute.');
  expect(await api.putScenario('mine', mine.replace('AAPL', 'IBM'))).toMatchObject({ origin: 'uploaded' });
  expect((await api.getScenario('mine')).text).toContain('IBM');
  expect((await api.listScenarios()).at(-1)).toMatchObject({ name: 'mine', origin: 'uploaded' });
  expect(await api.createRun({ scenario: 'mine', id: 'one' })).toMatchObject({ scenario: 'mine', phase: 'waiting' });
  expect(await readdir(join(folder, 'scenarios'))).toEqual(['mine.scenario.yaml']);
  await api.deleteScenario('mine');
  await expect(api.getScenario('mine')).rejects.toMatchObject({ problem: { status: 404 } });
  expect(await api.getRun('one')).toMatchObject({ scenario: 'mine' });
});

test('YAML is taken as it is, too', async () => {
  await using desk = await steered();
  const asked = await fetch(`${desk.admin.url}/scenarios/mine`, {
    method: 'PUT',
    headers: { 'content-type': 'text/yaml' },
    body: mine,
  });
  expect(asked.status).toBe(201);
  expect(asked.headers.get('location')).toBe('/scenarios/mine');
  expect((await desk.api.getScenario('mine')).text).toBe(mine);
});

test('what is no scenario is refused with its line and the way out, and nothing is kept', async () => {
  await using desk = await steered();
  const { api } = desk;
  await expect(api.putScenario('mine', `${mine}replai: {}\n`)).rejects.toMatchObject({
    problem: {
      status: 422,
      errors: [{ field: 'replai', line: 8, column: 1, wayOut: expect.stringContaining('replay') }],
    },
  });
  expect((await api.listScenarios()).filter(({ origin }) => origin === 'uploaded')).toEqual([]);
  await expect(api.putScenario('default', mine)).rejects.toMatchObject({ problem: { status: 409 } });
  await expect(api.putScenario('schema', mine)).rejects.toMatchObject({ problem: { status: 409 } });
  await expect(api.deleteScenario('default')).rejects.toMatchObject({ problem: { status: 409 } });
  await expect(api.createRun({ scenario: 'defualt' })).rejects.toMatchObject({
    problem: { status: 422, errors: [{ wayOut: 'did you mean default?' }] },
  });
  await expect(api.createRun({ scenario: mine.replace('startOn: command', 'symbols: [ZZZ]') })).rejects.toMatchObject({
    problem: { status: 422, errors: [{ line: 7, field: 'replay.symbols' }] },
  });
});

test('a text is validated with line and column, advised on, and explained', async () => {
  await using desk = await steered();
  const { api } = desk;
  expect(await api.validateScenario(mine)).toEqual({ isValid: true, problems: [], advice: [] });
  const late = mine.replace(
    'replay: { startOn: command }',
    'replay: { mode: single_pass }\ntimeline: [{ id: a, at: 5m, inject: { reset: {} } }]',
  );
  const advised = await api.validateScenario(late);
  expect(advised.advice).toEqual([{ field: '', message: expect.stringContaining('later than the end of the tape') }]);
  expect(await api.validateScenario(mine.replace('command', 'comand'))).toMatchObject({
    isValid: false,
    problems: [{ field: 'replay.startOn', line: 7, column: 20, value: 'comand' }],
  });
  expect((await api.explainScenario(mine)).text).toContain('It waits for a command to start');
  expect(await api.scenarioSchema()).toMatchObject({ $id: expect.stringContaining('scenario') });
});

test('an uploaded scenario extends ready and uploaded ones by name, and no file beyond', async () => {
  await using desk = await steered();
  const { api, folder } = desk;
  expect(await api.putScenario('quick', 'extends: ci\nname: quick\n')).toMatchObject({ isValid: true });
  await api.putScenario('quicker', 'extends: quick\nname: quicker\nreplay: { speed: 2 }\n');
  expect(await api.createRun({ scenario: 'quicker' })).toMatchObject({ scenario: 'quicker', speed: 2 });
  await writeFile(join(folder, 'secret.scenario.yaml'), mine);
  await symlink(join(folder, 'secret.scenario.yaml'), join(folder, 'scenarios', 'link.scenario.yaml'));
  for (const base of ['../secret.scenario.yaml', join(folder, 'secret.scenario.yaml'), 'link', './ci', '/etc/passwd']) {
    const refused = api.putScenario('bad', `extends: ${base}\nname: bad\n`);
    await expect(refused).rejects.toMatchObject({
      problem: { status: 422, errors: [{ line: 1, message: expect.stringContaining('no scenario of this server') }] },
    });
  }
  expect((await api.listScenarios()).some(({ name }) => name === 'link')).toBe(false);
});

test('a scenario of the API reaches no tape, file, database or variable but the tapes of this server', async () => {
  await using desk = await steered();
  const { api, folder } = desk;
  const ready = 'open-2026-07-01.ndjson.gz';
  expect(await api.createRun({ scenario: { tapes: [{ file: ready }] } })).toMatchObject({ phase: 'waiting' });
  await mkdir(join(folder, 'out'));
  await writeFile(join(folder, 'out', 'there.ndjson'), '');
  await symlink(join(folder, 'out'), join(folder, 'tapes', 'way'));
  await symlink(join(folder, 'out', 'there.ndjson'), join(folder, 'tapes', 'link.ndjson'));
  for (const file of ['../out/there.ndjson', join(folder, 'out', 'there.ndjson'), 'way/there.ndjson', 'link.ndjson']) {
    await expect(api.createRun({ scenario: { tapes: [{ file }] } })).rejects.toMatchObject({
      problem: { status: 422, errors: [{ field: 'tapes[0].file' }] },
    });
  }
  const tapes = [{ synthetic: { symbols: ['AAPL'] } }];
  const must = [
    { posted: { file: '/etc/passwd', channel: 'trade' } },
    { store: { url: 'postgres://u:hunter2@127.0.0.1/db', channel: 'trade' } },
  ];
  for (const [scenario, field] of [
    [{ tapes: [{ postgres: { url: 'postgres://u:hunter2@127.0.0.1/db' } }] }, 'tapes[0].postgres.url'],
    [{ tapes, expect: [{ id: 'a', must: must[0] }] }, 'expect[0].must.posted'],
    [{ tapes, expect: [{ id: 'a', must: must[1] }] }, 'expect[0].must.store'],
    [{ tapes, description: '${PATH}' }, 'description'],
  ] as const) {
    const refused = await api.createRun({ scenario }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ problem: { status: 422, errors: [{ field, line: expect.any(Number) }] } });
    expect(JSON.stringify(refused)).not.toContain('hunter2');
  }
  const recycler = 'websocket:\n  mode: recycler\n  recycler:\n    server_url: ws://localhost:8765\n';
  await expect(api.createRun({ scenario: recycler })).rejects.toMatchObject({ problem: { status: 422 } });
});

test('the list tells a scenario as its file is: read once, and again when it has changed', async () => {
  await using desk = await steered();
  const { api, folder } = desk;
  const file = join(folder, 'scenarios', 'mine.scenario.yaml');
  const [one, two] = [new Date('2026-07-01T00:00:00Z'), new Date('2026-07-02T00:00:00Z')];
  const listed = async () => (await api.listScenarios()).find(({ name }) => name === 'mine');
  await api.putScenario('mine', mine);
  await utimes(file, one, one);
  expect(await listed()).toMatchObject({ description: 'A minute of one stock.' });
  // As large and as old as before: nothing says that it is another.
  await writeFile(file, mine.replace('A minute', 'A decade'));
  await utimes(file, one, one);
  expect(await listed()).toMatchObject({ description: 'A minute of one stock.' });
  await utimes(file, two, two);
  expect(await listed()).toMatchObject({ description: 'A decade of one stock.' });
  await api.putScenario('mine', mine.replace('A minute', 'A year'));
  expect(await listed()).toMatchObject({ description: 'A year of one stock.' });
});

test('the list tells that a scenario cannot be read any more when what it extends, or the tape it plays, is deleted', async () => {
  await using desk = await steered();
  const { api } = desk;
  const market = { symbols: ['AAPL'], from: '2026-07-01T13:30:00Z', to: '2026-07-01T13:30:10Z' };
  await api.generateTape({ name: 'ten.ndjson', market });
  await api.putScenario('base', mine);
  await api.putScenario('heir', 'extends: base\nname: heir\n');
  await api.putScenario('taped', 'name: taped\ntapes: [{ file: ten.ndjson }]\n');
  const broken = async () => (await api.listScenarios()).filter(({ isValid }) => !isValid).map(({ name }) => name);
  expect(await broken()).toEqual([]);
  await api.deleteScenario('base');
  expect(await broken()).toEqual(['heir']);
  await api.deleteTape('ten.ndjson');
  expect(await broken()).toEqual(['heir', 'taped']);
});
