import { PGlite } from '@electric-sql/pglite';
import { expect, test } from 'vitest';
import { openSession, type Database } from '../../../../migrations/session.ts';
import { minute } from '../../../../market/nanos.ts';
import { bar, opening, quote, trade } from '../../../helpers/events.ts';
import { databaseOn, testDatabase } from '../../../services/index.ts';
import { at, heard, openRig, type Rig, temporaryFolder } from './rig.ts';

interface Place {
  readonly open: () => Promise<Rig>;
  readonly database: Database;
}

const server = (url: string): Place => ({ open: async () => await openRig({ database: url }), database: url });

const places: Record<string, () => Promise<{ place: Place; close: () => Promise<void> }>> = {
  PostgreSQL: async () => {
    const database = await testDatabase('empty');
    return { place: server(database.url), close: async () => await database[Symbol.asyncDispose]() };
  },
  'a PGlite given': async () => {
    const embedded = new PGlite();
    return {
      place: { open: async () => await openRig({}, { embedded }), database: embedded },
      close: async () => await embedded.close(),
    };
  },
};
// A TimescaleDB joins where somebody has one, as for the migrations.
const timescale = process.env['PAPERTAPE_TIMESCALE_URL'];
if (timescale) {
  places['TimescaleDB'] = async () => {
    const database = await databaseOn(timescale);
    return { place: server(database.url), close: async () => await database[Symbol.asyncDispose]() };
  };
}

test.each(Object.entries(places))('in %s an empty database gets tables, and each event one row', async (_, open) => {
  const { place, close } = await open();
  const events = [
    trade(at(1)),
    quote(at(2)),
    quote(at(2)),
    bar('bar', opening, opening + minute),
    bar('updated-bar', opening, opening + minute, { close: 9 }),
  ];
  const rig = await place.open();
  void rig.store.take(heard(events));
  await rig.store.flush();
  void rig.store.take(heard(events.slice(0, 3), { origin: 'history' }));
  void rig.store.take(heard([trade(at(3), { id: '3' }), trade(at(1))]));
  await rig.store.flush();
  expect(await rig.store.lastStored('alpaca', 'quote', ['AAPL'])).toEqual(new Map([['AAPL', at(2)]]));
  await rig.store[Symbol.asyncDispose]();
  expect(rig.kinds()).toEqual(['migrated']);
  await using session = await openSession(place.database);
  expect(await session.run('SELECT channel, ordinal FROM websocket_data ORDER BY "timestamp", nanos, ordinal')).toEqual(
    [
      { channel: 'trade', ordinal: 0 },
      { channel: 'quote', ordinal: 0 },
      { channel: 'quote', ordinal: 1 },
      { channel: 'trade', ordinal: 0 },
    ],
  );
  expect(await session.run('SELECT close FROM market_data')).toEqual([{ close: 9 }]);
  await session[Symbol.asyncDispose]();
  await close();
});

test('with nothing installed, a folder keeps the database, and a restart finds it', async () => {
  const database = temporaryFolder();
  for (const [id, known] of [
    ['1', 0],
    ['1', 1],
  ] as const) {
    const { store } = await openRig({ database });
    void store.take(heard([trade(at(Number(id)), { id })]));
    await store.flush();
    expect(await store.lastStored('alpaca', 'trade', ['AAPL'])).toEqual(new Map([['AAPL', at(Number(id))]]));
    await store[Symbol.asyncDispose]();
    expect(store.counts).toEqual({ stored: 1 - known, known, rejected: 0 });
  }
});
