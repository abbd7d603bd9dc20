import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { folderOf } from '../server/scenario/folder.ts';
import { testDatabase } from '../services/index.ts';
import { papertape, start } from './papertape.ts';

/** The commands of the README's tour, one word after another, without their comments. */
const [, tour = ''] =
  /## Five minutes for users[\s\S]+?```sh\n([\s\S]+?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
const commands = tour.split('\n').flatMap((line) =>
  (line.split('#')[0] ?? '')
    .split('&&')
    .map((command) => command.trim())
    .filter((command) => /^(?:[A-Z_]+=\S+ )*papertape /.test(command)),
);

/** What the tour imports: two trades as Polygon's flat files tell them. */
const flatFile = `ticker,conditions,exchange,id,participant_timestamp,price,size
X:BTC-USD,1,1,a,1782912600000000001,1,1
X:BTC-USD,2,1,b,1782912600000000002,2,1
`;

test('every command of the README’s tour works, one after the other, in a folder with nothing but a vendor’s file', async () => {
  await using folder = await folderOf({ 'flat.csv.gz': gzipSync(flatFile) });
  await using database = await testDatabase('empty');
  expect(commands.length).toBeGreaterThan(9);
  for (const command of commands) {
    const [before = '', after = ''] = command.split(/papertape (.*)/);
    const environment = {
      XDG_STATE_HOME: folder.path,
      ...Object.fromEntries(
        before
          .trim()
          .split(' ')
          .filter(Boolean)
          .map((pair) => pair.split('=')),
      ),
    };
    // Nobody's database is called so, a whole day takes its time, and the port may be taken.
    const words = after.replace(/postgres:\S+/, database.url).split(' ');
    if (words[1] === 'generate') words.push('--rate', '2');
    const surroundings = { folder: folder.path, environment };
    if (words[0] === 'serve') {
      await using running = start([...words, '--port', '0'], surroundings);
      await running.heard(/Papertape plays/);
      running.signal('SIGTERM');
      expect(await running.ending, command).toMatchObject({ code: 0 });
    } else {
      expect(await papertape(words, surroundings), command).toMatchObject({ code: 0, err: '' });
    }
  }
}, 60_000);
