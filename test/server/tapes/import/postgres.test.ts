import { expect, test } from 'vitest';
import { lineOfEvent } from '../../../../server/sources/file/index.ts';
import { openTape } from '../../../../server/sources/index.ts';
import { importFiles } from '../../../../server/tapes/import/index.ts';
import { opening, trade } from '../../../helpers/events.ts';
import { request } from '../../../helpers/import.ts';
import { testDatabase } from '../../../services/index.ts';
import { folderOf } from '../../scenario/folder.ts';

test('an import into PostgreSQL stores every event once, however often it runs, and names no password', async () => {
  await using database = await testDatabase();
  const lines = [3n, 1n, 2n].map((at) => lineOfEvent(trade(opening + at * 1000n, { id: String(at) })));
  await using folder = await folderOf({ 'a.ndjson': lines.join('\n') });
  const asked = request(folder.path, ['a.ndjson'], { out: database.url });
  expect(await importFiles(asked)).toMatchObject({
    events: 3,
    alreadyThere: 0,
    out: expect.stringMatching(/^database "/),
  });
  expect(await importFiles(asked)).toMatchObject({ events: 3, alreadyThere: 3 });
  await using source = openTape({ postgres: { url: database.url, timeframe: '1m' } }, { directory: '.', seed: 1 });
  const ids: string[] = [];
  for await (const page of source.pages({}, asked.signal)) {
    for (const event of page) if (event.kind === 'trade') ids.push(event.id);
  }
  expect(ids).toEqual(['1', '2', '3']);
});
