import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import { steered } from '../helpers/admin.ts';
import { opening, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { RawClient } from '../helpers/raw-client.ts';

/** The value of one line of the text that Prometheus reads. */
const valueOf = (text: string, line: string): number | undefined => {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
};

test('metrics tell runs, sessions, what was sent, and requests by their route', async () => {
  await using desk = await steered({
    scenario: {
      name: 'metered',
      tapes: [{ synthetic: { symbols: ['AAPL'], from: '2026-07-01T13:30:00Z', to: '2026-07-01T13:30:10Z' } }],
      replay: { mode: 'single_pass', speed: 'max', startOn: 'subscribed' },
    },
  });
  const { api, papertape } = desk;
  await api.createRun({ id: 'other', scenario: { tapes: [{ synthetic: { symbols: ['IBM'] } }] } });
  await expect(api.getRun('none')).rejects.toThrow('404');
  await using client = await RawClient.trades(`${papertape.url}/v2/iex`, 'PK-very-secret');
  await expect.poll(async () => (await api.getRun('default')).phase).toBe('ended');
  const text = await api.metrics();
  expect(valueOf(text, 'papertape_runs{phase="ended"}')).toBe(1);
  expect(valueOf(text, 'papertape_runs{phase="waiting"}')).toBe(1);
  expect(valueOf(text, 'papertape_sessions{run="default"}')).toBe(1);
  expect(valueOf(text, 'papertape_sessions_opened_total{run="default"}')).toBe(1);
  expect(valueOf(text, 'papertape_events_sent_total{run="default"}')).toBeGreaterThan(0);
  expect(valueOf(text, 'papertape_sent_bytes_total{run="default"}')).toBeGreaterThan(0);
  expect(valueOf(text, 'papertape_events_sent_total{run="other"}')).toBe(0);
  expect(valueOf(text, 'papertape_http_requests_total{method="GET",route="/runs/:run",status="404"}')).toBe(1);
  expect(valueOf(text, 'papertape_memory_bytes{kind="rss"}')).toBeGreaterThan(1e6);
  expect(text).not.toContain('PK-very-secret');
  for (const line of text.split('\n')) expect(line).toMatch(/^$|^# |^papertape_[a-z_]+(?:\{[^}]*\})? [-+.\deE]+$/);
  expect(client).toBeDefined();
});

test('a tape that keeps up has no lag, and what is live is counted', async () => {
  const clock = new ManualClock(opening);
  await using desk = await steered({
    clock,
    tapes: [memorySource([trade(opening), trade(opening + seconds(1)), trade(opening + seconds(60))])],
    scenario: { name: 'late', tapes: [{ file: 'in-memory.ndjson' }], replay: { startOn: 'command' } },
  });
  const { api, papertape } = desk;
  expect(valueOf(await api.metrics(), 'papertape_deck_lag_seconds{run="default"}')).toBe(0);
  await papertape.run.inject({ inject: { mute: {} }, for: '1h' });
  expect(valueOf(await api.metrics(), 'papertape_faults_live{run="default"}')).toBe(1);
});

test('two admin APIs in one process count apart', async () => {
  await using one = await steered();
  await using other = await steered();
  await one.api.listRuns();
  const line = 'papertape_http_requests_total{method="GET",route="/runs",status="200"}';
  expect(valueOf(await one.api.metrics(), line)).toBe(1);
  expect(valueOf(await other.api.metrics(), line)).toBeUndefined();
});
