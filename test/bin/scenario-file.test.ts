import { expect, test } from 'vitest';
import { folderOf } from '../server/scenario/folder.ts';
import { papertape, start } from './papertape.ts';

const good = 'name: good\ntapes: [{ synthetic: {} }]\n';

test('validate - reads the standard input, and tells line and column in it', async () => {
  expect(await papertape(['validate', '-'], { input: good })).toEqual({
    code: 0,
    out: 'stdin: ok, scenario good\n',
    err: '',
  });
  expect(await papertape(['validate', '-'], { input: `${good}replay: { speed: 5000 }\n` })).toEqual({
    code: 2,
    out: '',
    err: 'stdin:3:18 replay.speed: 5000 – not a speed; use 0.1–1000 or max\n',
  });
});

test.each([
  ['nothing', '', /^stdin:1:1 the scenario is empty; begin with one made by `papertape init`\n$/],
  ['bytes that are no text', Uint8Array.of(0x6e, 0xff, 0xfe), /^stdin: not UTF-8 text; save it as UTF-8\n$/],
  ['more than a scenario may have', `#${'ö'.repeat(2 ** 20)}`, /^stdin:1:1 larger than 1MiB; keep rows in a tape/],
])('%s on the standard input ends with 2 and a way out', async (_, input, message) => {
  const { code, err } = await papertape(['validate', '-'], { input });
  expect(code).toBe(2);
  expect(err).toMatch(message);
});

test('tapes of a scenario on the standard input lie relative to where the command runs', async () => {
  await using folder = await folderOf({
    'value.ndjson': '{"kind":"value","market":"indices","symbol":"SPX","at":"1","value":1}\n',
  });
  const input = 'name: t\ntapes: [{ file: value.ndjson }]\n';
  expect(await papertape(['validate', '-'], { input, folder: folder.path })).toMatchObject({ code: 0 });
});

test('a ready scenario plays by its name, from any folder, and says which file it is', async () => {
  await using folder = await folderOf({});
  await using running = start(['serve', 'market-open', '--port', '0'], { folder: folder.path });
  const said = await running.heard(/Papertape plays .*\n/);
  expect(said).toMatch(/^Papertape plays "market-open" \(\/.*\/scenarios\/market-open\.scenario\.yaml\)/m);
  running.signal('SIGTERM');
  expect(await running.ending).toMatchObject({ code: 0 });
  const explained = await papertape(['explain', 'ci'], { folder: folder.path });
  expect(explained.out).toContain('Scenario ci\n');
  const validated = await papertape(['validate', 'ci', 'quiet-overnight'], { folder: folder.path });
  expect(validated).toMatchObject({
    code: 0,
    out: 'ci: ok, scenario ci\nquiet-overnight: ok, scenario quiet-overnight\n',
  });
});

test('a file goes over a ready scenario of the same name', async () => {
  await using folder = await folderOf({ ci: good });
  expect(await papertape(['validate', 'ci'], { folder: folder.path })).toMatchObject({
    out: 'ci: ok, scenario good\n',
  });
});

test.each([
  [['serve', 'market-opne'], {}],
  [['serve'], { PAPERTAPE_SCENARIO: 'market-opne' }],
])('%j with %j: an unknown name ends with 2, and is told the ready ones', async (words, environment) => {
  expect(await papertape([...words, '--port', '0'], { environment })).toEqual({
    code: 2,
    out: '',
    err:
      'market-opne:1:1 no such file, and no ready scenario; did you mean market-open? (the ready ones are ci, date-range, ' +
      'default, dirty-data, loop, market-open, mute-feed, open-tape, orderly-close, quiet-overnight, reset-storm, single-pass)\n',
  });
});
