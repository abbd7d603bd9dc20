import { expect, test } from 'vitest';
import { complaintsAbout } from '../../scenario/complaints.ts';

const pings = (ping: string): Promise<readonly string[]> =>
  complaintsAbout(`endpoints: { alpaca: { serverPing: ${ping} } }`);

test.each([
  ['{ every: 5s, patience: 6s }', 'every', '5s'],
  ['{ every: 6s, patience: 6s }', 'every', '6s'],
  ['{ every: 0s }', 'every', '0s'],
  ['{ every: 1s, patience: 0s }', 'patience', '0s'],
])('pings that overtake their own pongs (%s) are refused, and the way out named', async (ping, knob, value) => {
  const [complaint, ...others] = await pings(ping);
  expect(others).toEqual([]);
  expect(complaint).toContain(`endpoints.alpaca.serverPing.${knob}: ${value} – `);
  expect(complaint).toMatch(knob === 'every' ? /longer than `?patience/ : /longer than 0s/);
});

test.each(['{ every: 500ms, patience: 100ms }', '{}', 'off'])('pings %s are accepted', async (ping) => {
  expect(await pings(ping)).toEqual([]);
});
