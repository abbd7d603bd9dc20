import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import type { PapertapeOptions } from '../../server/index.ts';
import { steered } from '../helpers/admin.ts';
import { RawClient } from '../helpers/raw-client.ts';

const strict: PapertapeOptions['scenario'] = {
  name: 'strict',
  tapes: [{ synthetic: { symbols: ['AAPL'], from: '2026-07-01T09:30:00-04:00', to: '2026-07-01T09:31:00-04:00' } }],
  replay: { startOn: 'command', mode: 'single_pass', speed: 'max' },
  expect: [
    { id: 'comes', must: { frames: { of: 'login', atLeast: 1 } } },
    { id: 'quiet', must: { never: { of: { say: '<b>nothing</b>' } } }, severity: 'warn' },
  ],
};

test('a run that is not decided says so; its verdict is as of now', async () => {
  await using desk = await steered({ scenario: strict });
  const { api, papertape } = desk;
  expect(await api.getVerdict()).toMatchObject({
    decided: false,
    passed: false,
    counts: { failed: 1 },
    findings: [{ id: 'comes', outcome: 'unmet', severity: 'error' }, { id: 'quiet' }],
  });
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k');
  expect(await api.getStandings()).toMatchObject({
    decided: false,
    standings: [
      { id: 'comes', outcome: 'met', seen: expect.any(String) },
      { id: 'quiet', severity: 'warn' },
    ],
  });
  expect(await api.getVerdict()).toMatchObject({ decided: false, passed: true });
  expect(client.end).toBeUndefined();
});

test('the verdict of a run that is over is decided, and reported for CI and for people', async () => {
  const clock = new ManualClock(seconds(1_780_000_000));
  await using desk = await steered({ scenario: strict, clock });
  const { api, papertape } = desk;
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k', ['NOBODY']);
  await api.play();
  while (papertape.run.status.phase !== 'ended') await clock.advance(seconds(1));
  expect(await api.getVerdict()).toMatchObject({ decided: true, passed: true, counts: { met: 2 } });
  expect(await api.getReport('junit')).toContain('<testsuite');
  const page = await fetch(`${desk.admin.url}/runs/default/verdict?format=html`);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain('sandbox');
  expect(page.headers.get('x-papertape-decided')).toBe('true');
  expect(await page.text()).toMatch(/^<!doctype html>/i);
  expect(client.end).toBeUndefined();
});

test.each(['json', 'junit', 'html'] as const)(
  'a verdict that takes too long, told as %s, is given up after five minutes, and its asker is told',
  async (format) => {
    // A database that lets everybody in and never says a word.
    const silent: Socket[] = [];
    const database = createServer((socket) => void silent.push(socket)).listen(0, '127.0.0.1');
    await once(database, 'listening');
    const address = database.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const kept = { store: { url: `postgres://bot@127.0.0.1:${port}/market`, channel: 'trade' as const } };
    const clock = new ManualClock(seconds(1_780_000_000));
    await using desk = await steered({ scenario: { ...strict, expect: [{ id: 'kept', must: kept }] } }, { clock });
    const asked = fetch(`${desk.admin.url}/runs/default/verdict?format=${format}`);
    await once(database, 'connection');
    await clock.advance(seconds(299));
    await clock.advance(seconds(1));
    const answer = await asked;
    expect([answer.status, await answer.json()]).toMatchObject([503, { detail: expect.stringContaining('too long') }]);
    for (const socket of silent) socket.destroy();
    database.close();
  },
);
