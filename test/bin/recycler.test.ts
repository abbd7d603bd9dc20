import { Client } from 'pg';
import { expect, test } from 'vitest';
import { OldClient } from '../server/exchanges/recycler/old-client.ts';
import { blocks } from '../server/scenario/recycler/blocks.ts';
import { folderOf } from '../server/scenario/folder.ts';
import { testDatabase } from '../services/index.ts';
import { papertape, start } from './papertape.ts';

test("serve, validate and explain take the old system's config.yaml as it is shipped; its client is served, its old rows go", async () => {
  await using database = await testDatabase('empty');
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(`CREATE TABLE market_data (id serial PRIMARY KEY, symbol varchar(10), timestamp timestamp,
    open double precision, high double precision, low double precision, close double precision, volume integer,
    data_source varchar(20) DEFAULT 'alpaca')`);
  await admin.query(`INSERT INTO market_data (symbol, timestamp, open, high, low, close, volume, data_source)
    SELECT symbol, timestamp '2025-06-23 13:30' + minutes * interval '1 minute', 1, 2, 0.5, 1.5, 100, source
    FROM unnest(ARRAY['AAPL', 'PDFS', 'ROG']) symbol, generate_series(0, 2) minutes, unnest(ARRAY['alpaca', 'recycled']) source`);
  await using folder = await folderOf({ 'config.yaml': blocks.shipped });
  const surroundings = {
    environment: { DATABASE_URL: database.url, DB_HOST: '', DB_NAME: '', DB_USER: '' },
    folder: folder.path,
  };
  const advice = 'config.yaml:5:9 websocket.mode: alpaca – the old client goes to Alpaca itself and never comes here';

  const checked = await papertape(['validate', 'config.yaml'], surroundings);
  expect(checked).toMatchObject({ code: 0, out: 'config.yaml: ok, scenario recycler\n' });
  expect(checked.err).toContain(advice);
  const { out } = await papertape(['explain', 'config.yaml'], surroundings);
  expect(out).toContain('Only AAPL, PDFS, ROG play');

  await using running = start(['serve', 'config.yaml', '--port', '0'], surroundings);
  const cleaned = running.heard(/"rows":9.*old rows of replays are cleaned up/);
  const said = await running.heard(/ready for clients/);
  expect(said).toContain(advice);
  await using client = await OldClient.connect(`ws://127.0.0.1:${/"port":(\d+)/.exec(said)?.[1] ?? ''}`, [
    'AAPL',
    'ROG',
  ]);
  const [frame = ''] = await client.heard(1);
  expect(frame).toMatch(
    /^\[\{"S":"AAPL","t":"[\d-]+T[\d:]+:00Z","o":1,"h":2,"l":0.5,"c":1.5,"v":100\},\{"S":"PDFS",.*\{"S":"ROG",/,
  );
  await cleaned;
  const { rows } = await admin.query('SELECT DISTINCT data_source FROM market_data');
  expect(rows).toEqual([{ data_source: 'alpaca' }]);
  await admin.end();
});
