import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Numbering } from '../../../../client/sinks/store/numbering.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { eventKey } from '../../../../market/identity.ts';
import { testDatabase, type TestDatabase } from '../../../services/index.ts';
import { hearings } from './hearing.ts';
import { lookInto, openRig } from './rig.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(async () => await database[Symbol.asyncDispose]());

const spoken = (event: MarketEvent): string => `${event.at} ${event.symbol} ${event.kind} ${eventKey(event)}`;
const sorted = (texts: Iterable<string>): string[] => [...texts].sort();

test('whatever the stream misses or repeats, and however answers overlap, each event has one identity', () => {
  fc.assert(
    fc.property(hearings, ({ truth, steps }) => {
      let numbering = new Numbering();
      const identities = new Map<string, string>();
      for (const step of steps) {
        if (step === 'restart') numbering = new Numbering();
        else {
          const ordinalOf = numbering.of(step);
          for (const event of step.events) {
            const key = eventKey(event);
            identities.set(`${spoken(event)} ${ordinalOf(event, key)}`, spoken(event));
          }
        }
      }
      expect(sorted(identities.values())).toEqual(sorted(truth.map(spoken)));
    }),
    { numRuns: 2000 },
  );
});

test('and one row: what is stored is what happened', async () => {
  const { rows } = await lookInto(database.url);
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(hearings, fc.integer({ min: 1, max: 8 }), async ({ truth, steps }, most) => {
      const dataSource = `run ${++runs}`;
      const open = async () => (await openRig({ database: database.url, rows: most, migrate: false })).store;
      let store = await open();
      for (const step of steps) {
        if (step === 'restart') {
          await store[Symbol.asyncDispose]();
          store = await open();
        } else await store.take({ ...step, dataSource });
      }
      await store[Symbol.asyncDispose]();
      const stored = await rows(
        `SELECT round(extract(epoch FROM timestamp) * 1000000)::bigint * 1000 + nanos || ' ' || symbol || ' ' || channel || ' ' || event_key AS said
         FROM websocket_data WHERE data_source = '${dataSource}'`,
      );
      expect(sorted(stored.map(({ said }) => String(said)))).toEqual(sorted(truth.map(spoken)));
    }),
    { numRuns: 25 },
  );
});
