import { expect, test } from 'vitest';
import { complaintsAbout, complaintsAboutAll } from './complaints.ts';

const wayOut = 'beyond what a tape can hold; give a time from 1677-09-22 to 2262-04-10';
const range = (from: string, to: string): string => `replay: { mode: date_range, range: { from: ${from}, to: ${to} } }`;

test.each([
  [range('2026-07-01', '9999-12-31'), `t.yaml:3:60 replay.range.to: 9999-12-31 – ${wayOut}`],
  [range('0001-01-01', '2026-07-01'), `t.yaml:3:44 replay.range.from: 0001-01-01 – ${wayOut}`],
  [range('2026-07-01', '2262-04-11'), `t.yaml:3:60 replay.range.to: 2262-04-11 – ${wayOut}`],
  ['replay: { startAt: 0000-01-01 }', `t.yaml:3:20 replay.startAt: 0000-01-01 – ${wayOut}`],
  ['replay: { startAt: 0000-01-01T00:00:00Z }', `t.yaml:3:20 replay.startAt: 0000-01-01T00:00:00Z – ${wayOut}`],
  ['replay: { startAt: 9999-12-31T23:59:59Z }', `t.yaml:3:20 replay.startAt: 9999-12-31T23:59:59Z – ${wayOut}`],
])('%s is refused where it stands', async (text, complaint) => {
  expect(await complaintsAbout(text)).toEqual([complaint]);
});

test('the first and the last date that a tape can hold are taken', async () => {
  expect(await complaintsAbout(range('1677-09-22', '2262-04-10'))).toEqual([]);
});

test.each([
  ['{ day: 0001-01-01 }', `synthetic.day: 0001-01-01 – ${wayOut}`],
  ['{ day: 9999-12-31 }', `synthetic.day: 9999-12-31 – ${wayOut}`],
  [
    '{ from: 0001-01-01T00:00:00Z, to: 0001-01-02T00:00:00Z }',
    `synthetic.from: 0001-01-01T00:00:00Z – ${wayOut}`,
    `synthetic.to: 0001-01-02T00:00:00Z – ${wayOut}`,
  ],
  ['{ day: tomorrow }', 'synthetic.day: tomorrow – not a day; use one such as 2026-07-01'],
  ['{ from: noon, to: 2026-07-01T00:00:00Z }', 'not an instant; use one with its zone'],
])('a generated market of %s is refused where it stands', async (market, ...complaints) => {
  const told = await complaintsAboutAll(`name: t\ntapes: [{ synthetic: ${market} }]`);
  expect(told.length).toBe(complaints.length);
  complaints.forEach((complaint, index) => expect(told[index]).toContain(complaint));
});
