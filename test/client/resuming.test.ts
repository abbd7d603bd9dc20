import { expect, test } from 'vitest';
import type { CollectorHappening } from '../../client/collector.ts';
import { resume } from '../../client/resuming.ts';
import { wantsOf } from '../../client/wants.ts';
import type { Channel, Nanos } from '../../market/event.ts';
import { opening } from '../helpers/events.ts';

/** A collector that notes what it is told, of a vendor whose history tells trades and quotes. */
function noting(told: [Channel, Nanos | undefined][]) {
  return {
    name: 'alpaca',
    dataSource: 'alpaca',
    wants: wantsOf([
      ['trade', ['AAPL', '*']],
      ['quote', ['AAPL']],
      ['bar', ['AAPL']],
    ]),
    history: { refills: (channel: Channel) => (channel === 'bar' ? undefined : channel) },
    resume: (channel: Channel, newest: ReadonlyMap<string, Nanos>) => void told.push([channel, newest.get('AAPL')]),
  };
}

test('a database is asked about all channels at once, by name, where history could refill them', async () => {
  const told: [Channel, Nanos | undefined][] = [];
  const asked: string[] = [];
  let answer: () => void = () => undefined;
  const both = new Promise<void>((resolve) => (answer = resolve));
  const lastStored = async (source: string, channel: Channel, symbols: readonly string[]) => {
    asked.push(`${source} ${channel} ${symbols.join()}`);
    if (asked.length === 2) answer();
    await both;
    return new Map([['AAPL', opening]]);
  };
  await resume([noting(told)], { lastStored }, () => undefined);
  expect(asked).toEqual(['alpaca trade AAPL', 'alpaca quote AAPL']);
  expect(told).toEqual([
    ['trade', opening],
    ['quote', opening],
  ]);
});

test('who is stopped at the start does not wait for a database that says nothing', async () => {
  const stop = new AbortController();
  const lastStored = async (): Promise<never> => await new Promise<never>(() => stop.abort());
  await resume([noting([])], { lastStored }, () => undefined, stop.signal);
  expect(stop.signal.aborted).toBe(true);
});

test('what a database cannot say is told, and the start goes on', async () => {
  const happenings: CollectorHappening[] = [];
  const lastStored = async (): Promise<never> => await Promise.reject(new Error('connect ECONNREFUSED'));
  await resume([noting([])], { lastStored }, (_, happening) => happenings.push(happening));
  expect(happenings).toEqual([
    { kind: 'resume-unknown', why: 'connect ECONNREFUSED' },
    { kind: 'resume-unknown', why: 'connect ECONNREFUSED' },
  ]);
});
