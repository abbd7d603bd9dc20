import { get, type ClientRequest } from 'node:http';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock, turn } from '../../../market/clock.ts';
import { millis, seconds } from '../../../market/nanos.ts';
import { type Papertape, type Run, startPapertape } from '../../../server/index.ts';
import { scenarioSchema } from '../../../server/scenario/schema.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { anyWoes, type Woes, woesOfOthers } from '../../helpers/fault-scenarios.ts';
import { abortListeners, Listening, listenersOf, resources, stillHeld } from '../../helpers/leftovers.ts';
import { memorySource } from '../../helpers/memory-source.ts';
import { RawClient } from '../../helpers/raw-client.ts';

/** Ten seconds, over and over. */
const events = Array.from({ length: 50 }, (_, index) =>
  (index % 3 === 0 ? quote : trade)(opening + millis(index * 200), { symbol: ['AAPL', 'MSFT'][index % 2] ?? '' }),
);
const everything = { action: 'subscribe', trades: ['*'], quotes: ['*'] };

const signal = new AbortController().signal;

/** Connects, whatever is in the way, and waits up to ten seconds of the tape for three trades. */
async function hearsTheTape({ run, url }: Papertape, clock: ManualClock, key: string): Promise<boolean> {
  await using client = await RawClient.knock(`${url}/v2/iex`);
  client.say({ action: 'auth', key, secret: 's' });
  client.say({ action: 'subscribe', trades: ['*'] });
  for (let quarter = 0; quarter < 40 && client.end === undefined; quarter++) {
    await clock.advance(millis(250));
    // A tape that is over as soon as it has begun is played again.
    if (run.status.phase === 'ended') run.seek(opening);
    if (client.texts.join('').split('"T":"t"').length > 3) return true;
  }
  return false;
}

/** Asks over HTTP for what was played, and does not wait for the answer. */
function ask({ port }: Papertape): ClientRequest {
  const headers = { 'APCA-API-KEY-ID': 'asker', 'APCA-API-SECRET-KEY': 's' };
  const request = get({ port, path: '/v2/stocks/trades?symbols=AAPL&limit=3', headers, agent: false }, (answer) => {
    answer.on('error', () => undefined).resume();
  });
  // Faults break connections.
  return request.on('error', () => undefined);
}

interface Seen {
  /** What session 1, to which nothing happens if nothing is aimed at it, received until every fault was over. */
  readonly bystander: Buffer;
  /** A client that came afterwards has heard the tape. */
  readonly healthy: boolean;
  /** The run and all its sessions: nothing holds on to them once they are over. */
  readonly past: readonly WeakRef<object>[];
}

type Past = Map<number, WeakRef<object>>;
function remember({ sessions }: Run, past: Past): void {
  for (const session of sessions) if (!past.has(session.id)) past.set(session.id, new WeakRef(session));
}

/**
 * Plays a scenario for a minute to a bystander, to two clients that stay away once they are gone, and to one that asks over HTTP. Asserts
 * that the exchange has as many listeners afterwards as it had before, and holds on to nobody who is gone.
 */
async function play({ speed, ...steps }: Woes, isSpared: boolean, clock: ManualClock): Promise<Seen> {
  const scenario = scenarioSchema.parse({
    name: 'x',
    tapes: [{ file: 'x.csv' }],
    replay: { startOn: 'command', speed, mode: 'loop', ...(speed === 'max' ? { loopCount: 40 } : {}) },
    // The clock runs faster than a client could answer pings.
    endpoints: { alpaca: { serverPing: 'off' }, polygon: { serverPing: 'off' } },
    ...steps,
  });
  using listening = new Listening();
  await using papertape = await startPapertape({ scenario, port: 0, clock, tapes: [memorySource(events)], signal });
  const { run, url } = papertape;
  await using bystander = await RawClient.knock(`${url}/v2/sip`);
  bystander.say({ action: 'auth', key: 'bystander', secret: 's' });
  bystander.say(everything);
  await clock.advance(millis(10));
  // Whoever is struck may wait for ever.
  if (isSpared) await bystander.heard(3);
  const count = (): readonly object[] => [...listening.listeners, { journal: run.chronicle.journal.readers }];
  const before = count();
  const clients = [await RawClient.knock(`${url}/v2/iex`), await RawClient.knock(`${url}/v2/sip`)];
  for (const [index, client] of clients.entries()) {
    client.say({ action: 'auth', key: `key-${index}`, secret: 's' });
    client.say(everything);
  }
  await clock.advance(millis(10));
  run.play();
  const asked: ClientRequest[] = [];
  const past: Past = new Map();
  for (let second = 0; second < 60; second++) {
    if (second % 3 === 0) asked.push(ask(papertape));
    await clock.advance(seconds(1));
    remember(run, past);
  }
  for (const client of clients) await client[Symbol.asyncDispose]();
  for (const request of asked) request.destroy();
  if (isSpared) await bystander.settled();
  const { received } = bystander;
  let healthy = false;
  for (let attempt = 0; attempt < 20 && !healthy; attempt++) {
    healthy = await hearsTheTape(papertape, clock, `again-${attempt}`);
  }
  await papertape.trial.verdict();
  if (isSpared) {
    await settled(() => JSON.stringify(count()) === JSON.stringify(before) && run.status.sessions === 1);
    expect(count()).toEqual(before);
    expect(run.status.sessions).toBe(1);
    expect(await stillHeld([...past].flatMap(([id, session]) => (id === 1 ? [] : [session])))).toBe(0);
  }
  return { bystander: received, healthy, past: [new WeakRef(run), ...past.values()] };
}

/** What no run may leave behind; the first loads what all need. */
let before: object | undefined;

async function clean(clock: ManualClock): Promise<void> {
  const left = (): object => ({
    wakes: clock.waiting,
    resources: resources(),
    process: listenersOf(process),
    signal: abortListeners(signal),
  });
  await settled(() => before !== undefined && JSON.stringify(left()) === JSON.stringify(before));
  expect(left()).toEqual((before ??= left()));
  expect(clock.waiting + abortListeners(signal)).toBe(0);
}

test('whatever goes wrong ends, a client that comes back hears the tape, and nothing is left behind', async () => {
  const budget = AbortSignal.timeout(10_000);
  const gone: WeakRef<object>[] = [];
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(anyWoes, async (woes) => {
      // On a slow machine the first few are played whatever they take.
      if (runs > 2 && budget.aborted) return;
      const clock = new ManualClock(opening);
      const { healthy, past } = await play(woes, false, clock);
      gone.push(...past);
      runs++;
      expect(healthy).toBe(true);
      await clean(clock);
    }),
    { numRuns: 25 },
  );
  expect(runs).toBeGreaterThan(2);
  expect(await stillHeld(gone)).toBe(0);
});

test('who is aimed at by nothing hears what it hears where nothing goes wrong, byte for byte, at every speed', async () => {
  const undisturbed = new Map<Woes['speed'], Buffer>();
  for (const speed of [1, 10, 'max'] as const) {
    const { bystander } = await play({ seed: 1, timeline: [], rules: [], speed }, true, new ManualClock(opening));
    undisturbed.set(speed, bystander);
    expect(bystander.length).toBeGreaterThan(5000);
  }
  const budget = AbortSignal.timeout(10_000);
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(woesOfOthers, async (woes) => {
      // On a slow machine the first few are played whatever they take.
      if (runs > 2 && budget.aborted) return;
      const clock = new ManualClock(opening);
      const { bystander, healthy } = await play(woes, true, clock);
      runs++;
      expect(healthy).toBe(true);
      expect(bystander.equals(undisturbed.get(woes.speed) ?? Buffer.alloc(0))).toBe(true);
      await clean(clock);
    }),
    { numRuns: 25 },
  );
  expect(runs).toBeGreaterThan(2);
});

/** Sockets that were destroyed take a few turns. */
async function settled(met: () => boolean): Promise<void> {
  for (let turns = 0; turns < 2000 && !met(); turns++) await turn();
}
