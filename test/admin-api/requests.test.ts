import { request } from 'node:http';
import { expect, test } from 'vitest';
import { steered } from '../helpers/admin.ts';

const token = 'correct-horse-battery-staple';

test('a run is opened, and an event stepped, without a body', async () => {
  await using desk = await steered();
  const { url } = desk.admin;
  const opened = await fetch(`${url}/runs`, { method: 'POST' });
  expect(opened.status).toBe(201);
  expect(await opened.json()).toMatchObject({ scenario: 'default', phase: 'waiting' });
  expect((await fetch(`${url}/runs/default/step`, { method: 'POST' })).status).toBe(200);
});

test('what is wrong with a body as a whole is told of the body', async () => {
  await using desk = await steered();
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${desk.admin.url}/runs`, { method: 'POST', headers, body: '[]' });
  expect(await answer.json()).toMatchObject({ status: 400, errors: [{ field: 'body' }] });
});

test('whoever shows no token is told how, and guesses are counted where others can guess', async () => {
  await using desk = await steered({}, { host: '0.0.0.0', token });
  for (const authorization of ['Bearer wrong', '']) {
    const answer = await fetch(`${desk.admin.url}/runs`, { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('x-ratelimit-remaining')).toMatch(/^11\d\d$/);
  }
  const nowhere = await fetch(`${desk.admin.url}/nowhere`, { headers: { authorization: `Bearer ${token}` } });
  expect([nowhere.status, nowhere.headers.get('x-ratelimit-remaining')]).toEqual([404, '1197']);
});

test('this machine may be called by its name in any case', async () => {
  await using desk = await steered();
  const { port } = desk.admin;
  const status = await new Promise((told, failed) => {
    const asked = request({ host: '127.0.0.1', port, path: '/version', headers: { host: `LOCALHOST:${port}` } });
    asked.on('response', (answer) => told(answer.resume().statusCode));
    asked.on('error', failed);
    asked.end();
  });
  expect(status).toBe(200);
});

test('whoever is told of a day while the run is reset hears of that', async () => {
  await using desk = await steered({
    scenario: { name: 'busy', tapes: [{ synthetic: { symbols: ['AAPL'], day: '2026-07-01', rate: 2000 } }] },
  });
  const day = desk.api.getDay().catch((error: unknown) => error);
  await desk.api.getRun('default');
  await desk.api.resetRun();
  expect(await day).toMatchObject({ problem: { status: 409, detail: expect.stringContaining('reset') } });
});
