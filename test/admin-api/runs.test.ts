import { expect, test } from 'vitest';
import { steered } from '../helpers/admin.ts';
import { RawClient } from '../helpers/raw-client.ts';

test('a run is created from a scenario in the request, tells its URLs, keys and variables, and is stopped', async () => {
  await using desk = await steered();
  const run = await desk.api.createRun({
    id: 'mine',
    scenario: { tapes: [{ synthetic: { symbols: ['MSFT'] } }], replay: { startOn: 'command' } },
  });
  expect(run).toMatchObject({ id: 'mine', scenario: 'inline', phase: 'waiting', url: `${desk.papertape.url}/r/mine` });
  expect(run.streams['/v2/iex']).toBe(`${desk.papertape.url}/r/mine/v2/iex`);
  expect(run.env).toMatchObject({ PAPERTAPE_URL: run.url, PAPERTAPE_KEY: run.key, APCA_API_SECRET_KEY: run.secret });
  await using client = await RawClient.trades(run.streams['/v2/iex'] ?? '', run.key);
  expect(await desk.api.getRun('mine')).toMatchObject({ sessions: 1 });
  expect((await desk.api.listRuns()).map(({ id }) => id)).toEqual(['default', 'mine']);
  await desk.api.stopRun('mine');
  await client.ended();
  await expect(desk.api.getRun('mine')).rejects.toMatchObject({ problem: { status: 404, title: 'Not Found' } });
});

test('a run is played, paused, sped up, moved and stepped', async () => {
  await using desk = await steered();
  const { api } = desk;
  expect(await api.play()).toMatchObject({ phase: 'playing', speed: 1 });
  expect(await api.setSpeed(10)).toMatchObject({ speed: 10 });
  expect(await api.pause()).toMatchObject({ phase: 'paused' });
  expect(await api.seek('10:00')).toMatchObject({ position: expect.stringContaining('T14:00:00') });
  expect(await api.step('event')).toMatchObject({ phase: 'paused' });
  expect(await api.resume()).toMatchObject({ phase: 'playing' });
  expect(await api.resetRun()).toMatchObject({ phase: 'waiting', speed: 1 });
});

test('what is wrong with a scenario is told with its line and the way out, and no run is opened', async () => {
  await using desk = await steered();
  const refused = desk.api.createRun({
    scenario: 'name: broken\ntapes:\n  - synthetic: { symbols: [AAPL] }\nreplay:\n  sped: 2\n',
  });
  await expect(refused).rejects.toMatchObject({
    problem: { status: 422, errors: [{ line: 5, wayOut: expect.stringContaining('speed') }] },
  });
  expect(await desk.api.listRuns()).toHaveLength(1);
});

test('a moment that no market has, however far from the bell, is refused with the way out', async () => {
  await using desk = await steered();
  for (const to of ['noon', 'open+9999999h', '25:00']) {
    const problem = { status: 422, detail: expect.stringContaining('use an instant with its zone') };
    await expect(desk.api.seek(to)).rejects.toMatchObject({ problem });
  }
});

test('a client that announces JSON and sends nothing is understood where nothing is needed', async () => {
  await using desk = await steered();
  const headers = { 'content-type': 'application/json' };
  const play = await fetch(`${desk.admin.url}/runs/default/play`, { method: 'POST', headers });
  expect([play.status, await play.json()]).toMatchObject([200, { phase: 'playing' }]);
  const broken = await fetch(`${desk.admin.url}/runs`, { method: 'POST', headers, body: '{"scenario": ' });
  expect([broken.status, await broken.json()]).toMatchObject([400, { status: 400, title: 'Bad Request' }]);
});

test('whoever opens a run whose key an older one knows is told which, and by which URL clients find the new one all the same', async () => {
  await using desk = await steered();
  const { api, papertape } = desk;
  const scenario = {
    tapes: [{ synthetic: { symbols: ['MSFT'] } }],
    keys: [{ key: 'PK-SHARED', secret: 's' }],
    replay: { startOn: 'command' },
  };
  expect(await api.createRun({ id: 'first', scenario })).toMatchObject({ warnings: [] });
  const { warnings, url, key } = await api.createRun({ id: 'second', scenario });
  expect(warnings).toEqual([
    expect.stringMatching(/^run first, which is older, also knows key-[0-9a-f]{8}: .* give them /),
  ]);
  expect(warnings[0]).toContain(`give them ${papertape.url}/r/second`);
  expect(warnings[0]).not.toContain('PK-SHARED');
  await using led = await RawClient.trades(`${papertape.url}/v2/iex`, key);
  await using sure = await RawClient.trades(`${url}/v2/iex`, key);
  expect([(await api.getRun('first')).sessions, (await api.getRun('second')).sessions]).toEqual([1, 1]);
  expect([led.end, sure.end]).toEqual([undefined, undefined]);
  await api.stopRun('first');
  expect(await api.createRun({ scenario: { ...scenario, keys: [{ key: 'OTHER' }] } })).toMatchObject({ warnings: [] });
});
