import { expect, test } from 'vitest';
import { labelOf } from '../../../client/key-ring.ts';
import { millis, seconds } from '../../../market/nanos.ts';
import { Rig, two } from './rig.ts';
import { tradesOf } from './small-feed.ts';

const label = (id: string): string => labelOf({ id, secret: '' });

test('a good key that is refused once is tried again after a rest', async () => {
  await using rig = await Rig.live();
  await rig.inject({ inject: { refuseLogin: {} }, for: '1m', times: 1 });
  await rig.inject({ inject: { reset: {} } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.clock.advance(millis(500));
  await rig.until(() => rig.told('ended').length === 2);
  expect(rig.told('ended')[1]).toMatchObject({ ending: { by: 'trouble', why: 'bad-key', code: 402 } });
  expect(await rig.back(2)).toBe(seconds(2));
});

test('a key that is revoked makes room for the next', async () => {
  await using rig = await Rig.live({ keys: ['first', 'second'] });
  expect(rig.connection.state.key).toBe(label('first'));
  await rig.inject({ inject: { revokeKey: {} }, for: '10m', target: { key: 'first' } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.back();
  expect(rig.connection.state.key).toBe(label('second'));
  await rig.hear(1);
  expect(rig.connections.most).toBe(1);
});

test('who finds no room waits longer each time, and gets in when there is some', async () => {
  await using rig = await Rig.live();
  await rig.inject({ inject: { limitConnections: {} }, for: '1m', times: 2 });
  await rig.inject({ inject: { reset: {} } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.clock.advance(millis(500));
  await rig.until(() => rig.told('ended').length === 2);
  await rig.clock.advance(seconds(3));
  await rig.until(() => rig.told('ended').length === 3);
  expect(rig.told('key-offended')).toMatchObject([{ why: 'crowded' }, { why: 'crowded' }]);
  expect(await rig.back(3)).toBe(seconds(6));
});

test('the word that it is subscribed is lost: data proves it, or the client asks again', async () => {
  await using rig = await Rig.live();
  await rig.inject({ inject: { withholdAck: { of: ['subscribed'] } }, for: '1m', times: 1 });
  await rig.inject({ inject: { reset: {} } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.clock.advance(millis(500));
  await rig.until(() => rig.connection.state.phase === 'subscribing');
  await rig.hear(1);
  await rig.until(() => rig.connection.state.phase === 'live');
  expect(rig.connection.state.held).toEqual(two);
});

test('the word that it is logged in is lost: the client gives up after ten seconds and comes back', async () => {
  await using rig = await Rig.live();
  await rig.inject({ inject: { withholdAck: { of: ['logged-in'] } }, for: '1m', times: 1 });
  await rig.inject({ inject: { reset: {} } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.clock.advance(millis(500));
  await rig.until(() => rig.connection.state.phase === 'logging-in');
  await rig.pass(10);
  expect(rig.told('ended').at(-1)).toEqual({ kind: 'ended', ending: { by: 'deadline', missed: 'login' } });
  await rig.back(2);
});

test('a symbol that is left out of the answer is asked for again', async () => {
  await using rig = await Rig.live();
  await rig.inject({ inject: { withholdSymbols: {} }, for: '1m', times: 1, target: { symbols: ['MSFT'] } });
  await rig.inject({ inject: { reset: {} } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.clock.advance(millis(500));
  await rig.until(() => rig.covered.length === 2);
  expect(rig.covered[1]).toMatchObject({ wants: tradesOf('AAPL') });
  await rig.pass(5);
  await rig.until(() => rig.covered.length === 3);
  expect(rig.covered[2]).toMatchObject({ wants: tradesOf('MSFT') });
  expect(rig.connection.state.phase).toBe('live');
});

test('a plan with room for one symbol of two keeps its connection and what it grants', async () => {
  await using rig = await Rig.live({ scenario: { keys: [{ key: 'one', secret: 'secret of one', symbols: 1 }] } });
  expect(rig.connection.state).toMatchObject({ phase: 'live', held: tradesOf('AAPL'), attempts: 1 });
  expect(rig.told('denied')).toMatchObject([{ denial: { wants: tradesOf('MSFT'), why: 'too-many-symbols' } }]);
});

test('wants change live', async () => {
  await using rig = await Rig.live({ wants: tradesOf('AAPL') });
  rig.connection.want(tradesOf('MSFT'));
  await rig.until(() => rig.covered.length === 2);
  expect(rig.lost).toMatchObject([{ wants: tradesOf('AAPL'), why: 'unwanted' }]);
  rig.events.length = 0;
  await rig.hear(1);
  expect(new Set(rig.events.map(({ symbol }) => symbol))).toEqual(new Set(['MSFT']));
});

test('keys take turns on purpose, one connection after the other', async () => {
  await using rig = await Rig.live({ keys: ['first', 'second'] });
  rig.connection.rotate();
  await rig.back();
  expect(rig.connection.state.key).toBe(label('second'));
  expect(rig.lost).toMatchObject([{ wants: two, why: 'ended' }]);
  expect(rig.connections).toEqual({ most: 1, all: 2 });
});

test('no key is ever told, even if the vendor repeats it', async () => {
  const feed = { refusal: (status: number) => ({ why: 'bad-key', message: `${status}: no key key-one-1` }) as const };
  await using rig = await Rig.live({ keys: ['key-one-1'], feed });
  await rig.inject({ inject: { refuseUpgrade: { status: 401 } }, for: '1m' });
  await rig.inject({ inject: { close: { code: 4000, reason: 'secret of key-one-1' } } });
  await rig.until(() => rig.told('ended').length === 1);
  await rig.clock.advance(millis(500));
  await rig.until(() => rig.told('ended').length === 2);
  expect(rig.told('ended')).toMatchObject([
    { ending: { code: 4000, reason: '…' } },
    { ending: { by: 'refusal', message: '401: no key …' } },
  ]);
  const told = [rig.reports, rig.connection.state.keys].map((all) => all.map((one) => Object.entries(one)));
  expect(
    JSON.stringify(told, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ).not.toContain('key-one-1');
});
