import { expect, test } from 'vitest';
import { Fork } from '../../client/fork.ts';
import { Sheltered } from '../../client/sheltered.ts';
import type { Batch, Sink } from '../../client/index.ts';
import { opening, trade } from '../helpers/events.ts';

const batch: Batch = { events: [trade(opening)], dataSource: 'alpaca', origin: 'stream', heardAt: opening };

/** A sink that does this with what it gets. */
const sinkThat = (take: Sink['take']): Sink => ({
  name: 'mine',
  take,
  flush: async () => undefined,
  health: () => ({ state: 'well', says: '', pending: 0 }),
  [Symbol.asyncDispose]: async () => undefined,
});

test.for([
  [
    'throws',
    () => {
      throw new Error('full');
    },
  ],
  ['rejects', async () => await Promise.reject(new Error('full'))],
] as const)(
  'a sink of somebody’s own that %s loses its batch, says so, and no other sink notices',
  async ([, take]) => {
    const told: string[] = [];
    const taken: Batch[] = [];
    const sheltered = new Sheltered(sinkThat(take), (error) => told.push(error.message));
    const fork = new Fork([sheltered, sinkThat((one) => void taken.push(one))]);
    await fork.take(batch);
    await fork.take(batch);
    expect(taken).toEqual([batch, batch]);
    expect(told).toEqual(['full', 'full']);
    expect(sheltered.health()).toEqual({ state: 'failing', says: 'failed 2 times, last: full', pending: 0 });
  },
);
