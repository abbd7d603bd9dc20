import { expect, test } from 'vitest';
import { second } from '../../../market/nanos.ts';
import { htmlReport } from '../../../server/reports/index.ts';
import { entriesOf, heard, knock, login, step, type Line } from '../../helpers/journal.ts';
import { empty, hostile, stormyRun } from '../../helpers/report-facts.ts';

/** The tags of a page, without the values of their attributes. */
const tagsOf = (page: string): readonly string[] =>
  (page.replace(/<style>[^<]*<\/style>/, '').match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""'));
const forbidden = /^<(?:script|img|link|iframe|a|object|base)\b|\s(?:src|href|srcset|action|on\w+|style)=/i;
/** A diff of two pages would take for ever. */
const has = (page: string, text: string): void => expect(page.includes(text), `the page holds ${text}`).toBe(true);

test('the page tells the verdict, draws the run, and says at the top and in its title that the data is fake', async () => {
  const page = htmlReport(...(await stormyRun()));
  has(page, '<title>failed: opening-bell-storm – fake market data</title>');
  expect(page.indexOf('FAKE MARKET DATA')).toBeLessThan(page.indexOf('<main>'));
  has(page, '<strong class="verdict fail">FAILED</strong>');
  has(page, 'aria-label="Timeline of 2m: 4 steps, 2 clients, 3 connections"');
  for (const mark of [
    'class="held"',
    'class="m back"',
    'class="m no"',
    'class="m miss"',
    'class="bad"',
    'class="pin"',
  ]) {
    has(page.slice(page.indexOf('<svg'), page.indexOf('<figcaption')), mark);
  }
  has(page, '<span>#18</span><span>1:00.300</span><em>connection 3 asked to be let in: 429, come back in 3s</em>');
  has(page, 'papertape run scenarios/opening-bell-storm.scenario.yaml --seed 20250401');
});

test('nothing is fetched and nothing runs: no script, no address, no style from elsewhere', async () => {
  for (const run of [await stormyRun(), hostile(await stormyRun()), empty]) {
    const page = htmlReport(...run);
    has(page, `content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"`);
    const tags = tagsOf(page);
    expect(tags.filter((tag) => !/^<[/!]?[a-z][a-z0-9]*(?: [a-zA-Z][a-zA-Z0-9-]*(?:="")?)* ?\/?>$/i.test(tag))).toEqual(
      [],
    );
    expect(tags.filter((tag) => forbidden.test(tag))).toEqual([]);
    expect(/@import|https?:/i.exec(page)).toBe(null);
    expect([...page.matchAll(/url\(([^)]*)\)/g)].map(([, to]) => to)).toEqual(['#held']);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page.match(/<title>/g)?.length).toBeGreaterThan(0);
  }
});

test('a run that passes with warnings, one without expectations and one without anything are pages too', async () => {
  const [verdict, facts] = await stormyRun();
  const warned = { ...verdict, passed: true };
  has(htmlReport(warned, facts), 'PASSED, WITH WARNINGS');
  const page = htmlReport(...empty);
  has(page, 'The scenario expects nothing of its clients.');
  has(page, 'No client subscribed to anything.');
  expect(/NaN|Infinity|undefined/.exec(page)).toBe(null);
});

test('a run of very many connections is drawn in part, and says so', async () => {
  const [verdict, facts] = await stormyRun();
  const lines = Array.from({ length: 300 }, (_, at) => [
    [at, knock(at + 1)] as const,
    [at + 1, login(at + 1, `key-${at % 60}`)] as const,
    [at + 2, heard(at + 1, 'x', undefined, `key-${at % 60}`)] as const,
  ]).flat();
  const entries = entriesOf(lines).map((entry) => ({
    ...entry,
    number: entry.number + 99_000,
    at: entry.at + facts.started,
  }));
  const page = htmlReport(verdict, { ...facts, entries, written: 1_000_000, ended: facts.started + second });
  has(page, '20 more steps or clients are not drawn.');
  has(page, '1 line no longer kept, of 1000000');
  expect(page.length).toBeLessThan(400_000);
});

test('every place of the drawing lies within it', async () => {
  const [verdict, facts] = await stormyRun();
  const page = htmlReport(verdict, {
    ...facts,
    started: facts.started + 30n * second,
    ended: facts.ended - 50n * second,
  });
  const shares = [...page.matchAll(/(?:x|x1|x2|cx|width)="(-?[\d.]+)%"/g)].map(([, share]) => Number(share));
  expect(shares.length).toBeGreaterThan(30);
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...shares)).toBeLessThanOrEqual(100);
});

test('a rule that begins again and again is one row with its name once', async () => {
  const [verdict, facts] = await stormyRun();
  const lines = Array.from({ length: 30 }, (_, at): Line[] => [
    [at * 1000, step('hourly', 'begins')],
    [at * 1000 + 200, step('hourly', 'ends')],
  ]).flat();
  const entries = entriesOf(lines).map((entry) => ({ ...entry, at: entry.at + facts.started }));
  const page = htmlReport(verdict, { ...facts, entries });
  expect(page.match(/>hourly<\/text>/g)).toHaveLength(1);
  expect(page.match(/<rect class="shade"/g)).toHaveLength(30);
  has(page, 'aria-label="Timeline of 2m: 1 step, 0 clients, 0 connections"');
});
