import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openDuckDb, quoted } from '../../server/sources/file/duckdb.ts';
import { folderOf } from '../server/scenario/folder.ts';
import { papertape } from './papertape.ts';

const header = 'ticker,conditions,exchange,id,participant_timestamp,price,size';
const rows = ['X:BTC-USD,1,1,a,1782912600000000001,1,1', 'X:BTC-USD,2,1,b,1782912660000000002,2,1'];

test('validate warns of rows that cannot be read and of a range that is clipped, and ends with 0 all the same', async () => {
  const range =
    'replay: { mode: date_range, range: { from: 2026-07-01T13:00:00Z, to: 2026-07-01T14:00:00Z, outside: clip } }';
  await using folder = await folderOf({
    'flat.csv': [header, rows[0], 'broken', rows[1], 'X:BTC-USD,1,1,c,when,1,1', ''].join('\n'),
    'all.yaml': 'name: all\ntapes: [{ file: flat.csv }]\n',
    'part.yaml': `name: part\ntapes: [{ file: flat.csv }]\n${range}\n`,
  });
  // Adopted tapes lie in the temporary folder.
  const surroundings = { folder: folder.path, environment: { TMPDIR: folder.path } };
  const { code, out, err } = await papertape(['validate', 'all.yaml', 'part.yaml'], surroundings);
  expect({ code, out }).toEqual({ code: 0, out: 'all.yaml: ok, scenario all\npart.yaml: ok, scenario part\n' });
  const left = 'flat\\.csv: 2 rows could not be read and are left out; they are listed in .*rejects\\.ndjson';
  expect(err).toMatch(
    new RegExp(
      `^all\\.yaml: warning: .*${left}\\npart\\.yaml: warning: .*${left}\\n` +
        'part\\.yaml: warning: 2026-07-01T13:00:00\\.000Z to 2026-07-01T14:00:00\\.000Z is clipped: the tapes hold .*\\n$',
    ),
  );
});

test.each(['ndjson', 'ndjson.gz', 'parquet'])(
  'an unsorted tape in %s is refused with the command that sorts it, and that command does',
  async (ending) => {
    const instants = ['1782912600000000003', '1782912600000000001', '1782912600000000002'];
    const lines = instants
      .map((at) => `{"kind":"value","market":"indices","symbol":"SPX","at":"${at}","value":6100.5}\n`)
      .join('');
    await using folder = await folderOf({
      'loose.ndjson': lines,
      'loose.ndjson.gz': gzipSync(lines),
      't.yaml': `name: t\ntapes: [{ file: loose.${ending} }]\n`,
      'sorted.yaml': `name: sorted\ntapes: [{ file: sorted.${ending} }]\n`,
    });
    if (ending === 'parquet') {
      await papertape(['tape', 'import', 'loose.ndjson', '--out', 'made.parquet'], { folder: folder.path });
      using database = await openDuckDb(folder.at('made.parquet'));
      const [from, to] = [quoted(folder.at('made.parquet')), quoted(folder.at('loose.parquet'))];
      await database.connection.run(`COPY (SELECT * FROM ${from} ORDER BY "at" DESC) TO ${to} (FORMAT parquet)`);
    }
    const { code, err } = await papertape(['validate', 't.yaml'], { folder: folder.path });
    expect(code).toBe(2);
    const [, command = ''] = /Sort it with 'papertape (.+)'\n$/.exec(err) ?? [];
    expect(command).toBe(`tape import ${folder.at(`loose.${ending}`)} --out sorted.${ending}`);
    expect(await papertape(command.split(' '), { folder: folder.path })).toMatchObject({ code: 0 });
    expect(await papertape(['validate', 'sorted.yaml'], { folder: folder.path })).toMatchObject({ code: 0, err: '' });
  },
);
