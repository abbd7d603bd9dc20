import { expect, test } from 'vitest';
import { millis, seconds } from '../../../market/nanos.ts';
import { Rig, two } from './rig.ts';

test('a client hears the trades it wants, and says how it fares', async () => {
  await using rig = await Rig.live();
  expect(rig.covered).toMatchObject([{ wants: two }]);
  expect(rig.events.slice(0, 2)).toMatchObject([
    { kind: 'trade', symbol: 'AAPL', id: '1' },
    { kind: 'trade', symbol: 'MSFT', id: '1' },
  ]);
  const { phase, key, attempts, failures, held, events, lastDataAt } = rig.connection.state;
  expect({ phase, attempts, failures, held }).toEqual({ phase: 'live', attempts: 1, failures: 0, held: two });
  expect(key).toMatch(/^key-[0-9a-f]{8}$/);
  expect(events).toBe(rig.events.length);
  expect(lastDataAt).toBe(rig.clock.now());
});

test.each([
  ['close 1000', { close: { code: 1000 } }],
  ['close 1001', { close: { code: 1001, reason: 'going away' } }],
  ['close 1008', { close: { code: 1008 } }],
  ['close 1011', { close: { code: 1011 } }],
  ['slow client', { kickSlow: {} }],
  ['reset', { reset: {} }],
  ['hang up', { hangUp: {} }],
] as const)('a client comes back after the end of its connection: %s', async (_, inject) => {
  await using rig = await Rig.live();
  await rig.inject({ inject });
  expect(await rig.back()).toBe(millis(500));
  expect(rig.lost).toMatchObject([{ wants: two, why: 'ended' }]);
  expect(rig.covered).toMatchObject([{ wants: two }, { wants: two }]);
  await rig.hear(1);
  expect(rig.connections).toEqual({ most: 1, all: 2 });
});

test('a line that is dead in both directions is given up within twenty seconds, and its ghost waited out', async () => {
  await using rig = await Rig.live({ settings: { staleness: { watch: false } } });
  await rig.inject({ inject: { halfOpen: {} }, for: '10m', target: { sessions: [1] } });
  await rig.pass(20);
  await rig.until(() => rig.told('ended').length === 2);
  expect(rig.told('ended')).toMatchObject([
    { ending: { by: 'deadline', missed: 'pong' } },
    { ending: { by: 'trouble', why: 'too-many-connections', code: 406 } },
  ]);
  rig.papertape.run.lift('now-1');
  await rig.back(2);
  await rig.hear(1);
});

test('an upgrade that is never answered is given up after ten seconds', async () => {
  await using rig = await Rig.live();
  await rig.inject({ inject: { ignoreUpgrade: {} }, for: '3s' });
  await rig.inject({ inject: { reset: {} } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.clock.advance(millis(500));
  await rig.pass(10);
  expect(rig.told('ended').at(-1)).toEqual({ kind: 'ended', ending: { by: 'deadline', missed: 'upgrade' } });
  expect(await rig.back(2)).toBe(seconds(1));
});

test('a client is not greeted, gives up after five seconds, and tries again', async () => {
  await using rig = await Rig.live();
  await rig.inject({ inject: { withholdGreeting: {} }, for: '3s' });
  await rig.inject({ inject: { reset: {} } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.pass(1);
  rig.papertape.run.lift('now-1');
  await rig.pass(5);
  await rig.until(() => rig.told('ended').length === 2);
  expect(rig.told('ended').at(-1)).toEqual({ kind: 'ended', ending: { by: 'deadline', missed: 'greeting' } });
  await rig.back(2);
});

test('a client whose upgrades get 429 waits as long as it is told', async () => {
  await using rig = await Rig.live();
  await rig.inject({ inject: { refuseUpgrade: { status: 429, retryAfter: '3s' } }, for: '5s' });
  await rig.inject({ inject: { reset: {} } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.clock.advance(millis(500));
  await rig.until(() => rig.told('ended').length === 2);
  expect(rig.told('ended')[1]).toMatchObject({ ending: { by: 'refusal', status: 429, why: 'too-many-requests' } });
  const { dialsAt = 0n } = rig.connection.state;
  expect(dialsAt - rig.clock.now()).toBe(seconds(3));
  await rig.clock.advance(seconds(3));
  await rig.until(() => rig.told('ended').length === 3);
  await rig.back(3);
  expect(rig.connections).toEqual({ most: 1, all: 4 });
});

test('a message too large ends the connection, not the client', async () => {
  await using rig = await Rig.live({ settings: { largestMessage: 65_536 } });
  await rig.inject({ inject: { oversize: { size: '128KiB' } }, for: '300ms' });
  await rig.pass(1);
  await rig.back();
  expect(rig.told('socket-error')).toHaveLength(1);
});

test('a message that breaks off costs nothing but itself', async () => {
  await using rig = await Rig.live();
  await rig.inject({ inject: { truncate: {} }, for: '1s' });
  await rig.pass(1);
  await rig.hear(1);
  expect(rig.connection.state.unreadable).toBeGreaterThan(0);
  expect(rig.told('unreadable').length).toBe(rig.connection.state.unreadable);
  expect(rig.connections.all).toBe(1);
});

test('a client that ends says goodbye', async () => {
  await using rig = await Rig.live();
  await rig.connection[Symbol.asyncDispose]();
  expect(rig.connection.state.phase).toBe('left');
  expect(rig.lost).toMatchObject([{ wants: two, why: 'ended' }]);
  expect(rig.papertape.trial.entries.filter(({ kind }) => kind === 'closed')).toMatchObject([
    { by: 'client', code: 1000 },
  ]);
});

test('a client that ends while it waits does not dial again', async () => {
  await using rig = await Rig.live();
  await rig.inject({ inject: { reset: {} } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.connection[Symbol.asyncDispose]();
  await rig.pass(60);
  expect(rig.connections.all).toBe(1);
});

test.each([
  ['nobody answers there', 'ws://127.0.0.1:1/nobody'],
  ['it is none', 'not an address'],
])('a client goes on trying an address although %s, and says so', async (_, url) => {
  await using rig = await Rig.start({ feed: { address: () => ({ url, headers: {} }) } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.clock.advance(millis(500));
  await rig.until(() => rig.told('ended').length === 2);
  expect(rig.connection.state).toMatchObject({ phase: 'waiting', failures: 2 });
});
