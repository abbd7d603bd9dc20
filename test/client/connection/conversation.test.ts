import { expect, test } from 'vitest';
import { connectionSettings } from '../../../client/connection-settings.ts';
import { type Input, type Order } from '../../../client/conversation.ts';
import type { Feed, Notice, Trouble } from '../../../client/feeds/feed.ts';
import { millis, minute, seconds } from '../../../market/nanos.ts';
import { Talk } from './talk.ts';
import { tradesOf } from './small-feed.ts';

const two = tradesOf('AAPL', 'MSFT');

test('a client dials, is greeted, logs in, subscribes and is live, each only after the other', () => {
  const talk = new Talk(two);
  talk.give({ kind: 'start' });
  expect(talk.phase).toBe('waiting');
  talk.elapse('dial');
  expect(talk.orders).toContainEqual({ order: 'connect', key: 0 });
  talk.give({ kind: 'opened' });
  expect(talk.sent).toEqual([]);
  talk.hear({ kind: 'greeted' });
  expect(talk.sent).toEqual([{ action: 'auth', key: 'one', secret: 's' }]);
  talk.hear({ kind: 'logged-in' });
  expect(talk.sent.at(-1)).toEqual({ action: 'subscribe', trades: ['AAPL', 'MSFT'] });
  expect(talk.phase).toBe('subscribing');
  talk.hear({ kind: 'holds', wants: two });
  expect(talk.phase).toBe('live');
  expect(talk.told('covered')).toMatchObject([{ wants: two, at: talk.now }]);
});

test('who shows its key in the address is not asked to log in', () => {
  const talk = new Talk(two, { greets: false, login: () => undefined });
  talk.give({ kind: 'start' });
  talk.elapse('dial');
  talk.give({ kind: 'opened' });
  expect(talk.sent).toEqual([{ action: 'subscribe', trades: ['AAPL', 'MSFT'] }]);
});

test('where nothing is acknowledged a sent request counts as granted', () => {
  const talk = new Talk(two, { acknowledges: false }).arrive();
  expect(talk.phase).toBe('live');
  expect(talk.told('covered')).toMatchObject([{ wants: two }]);
});

test.each([
  ['upgrade', []],
  ['greeting', [{ kind: 'opened' }]],
  ['login', [{ kind: 'opened' }, { kind: 'heard', notices: [{ kind: 'greeted' }], events: [] }]],
] as const)('a client gives up when the %s does not come in time, and dials again after a pause', (missed, inputs) => {
  const talk = new Talk(two);
  talk.give({ kind: 'start' });
  talk.elapse('dial');
  for (const input of inputs) talk.give(input);
  talk.elapse(missed);
  expect(talk.lastOrders).toContainEqual({ order: 'drop' });
  expect(talk.lastOrders).toContainEqual({
    order: 'report',
    report: { kind: 'ended', ending: { by: 'deadline', missed } },
  });
  expect(talk.wait).toBe(millis(500));
  talk.elapse('dial');
  expect(talk.lastOrders).toContainEqual({ order: 'connect', key: 0 });
});

test.each([1000, 1001, 1006, 1008, 1011, 1012, 4000])('a client comes back after an end with code %i', (code) => {
  const talk = new Talk(two).live();
  talk.give({ kind: 'closed', code, reason: 'bye' });
  expect(talk.told('lost')).toEqual([{ order: 'lost', wants: two, at: talk.now, why: 'ended' }]);
  expect(talk.phase).toBe('waiting');
  expect(talk.wait).toBe(millis(500));
});

test('a client waits longer each time, and an upgrade or a login alone is no success', () => {
  const talk = new Talk(two).live();
  const waits = [0, 1, 2, 3].map(() => {
    talk.give({ kind: 'closed', code: 1006, reason: '' });
    const { wait } = talk;
    talk.elapse('dial');
    talk.arriveFrom('opening');
    talk.hear({ kind: 'holds', wants: two });
    return wait;
  });
  expect(waits).toEqual([0.5, 1, 2, 4].map(seconds));
  talk.data('AAPL');
  talk.give({ kind: 'closed', code: 1006, reason: '' });
  expect(talk.wait, 'data came').toBe(seconds(0.5));
});

test('a connection that was live for a minute was of use, even if the market said nothing', () => {
  const talk = new Talk(two).live({ data: false });
  talk.give({ kind: 'closed', code: 1006, reason: '' });
  talk.elapse('dial');
  talk.arriveFrom('opening');
  talk.hear({ kind: 'holds', wants: two });
  talk.elapse('stable');
  talk.give({ kind: 'closed', code: 1006, reason: '' });
  expect(talk.wait).toBe(seconds(0.5));
});

const refusal = (status: number, why: Trouble, told?: bigint): Input => ({
  kind: 'refused',
  status,
  why,
  message: '',
  told,
});

test.each([
  ['429 that asks for 3 s', refusal(429, 'too-many-requests', seconds(3)), seconds(3)],
  ['429', refusal(429, 'too-many-requests'), seconds(3)],
  ['503 that asks for 20 s', refusal(503, 'vendor-error', seconds(20)), seconds(20)],
  ['503', refusal(503, 'vendor-error'), millis(500)],
  ['401', refusal(401, 'bad-key'), seconds(2)],
  ['404', refusal(404, 'not-found'), millis(500)],
])('a client whose upgrade gets %s waits', (_, input, wait) => {
  const talk = new Talk(two);
  talk.give({ kind: 'start' });
  talk.elapse('dial');
  talk.give(input);
  expect(talk.lastOrders).toContainEqual({ order: 'drop' });
  expect(talk.wait).toBe(wait);
});

const trouble = (why: Trouble): Notice => ({ kind: 'trouble', why, code: 1, message: 'no' });

test.each([
  ['bad-key', millis(500), 1],
  ['not-entitled', millis(500), 1],
  ['too-many-connections', millis(500), 1],
  ['login-timeout', millis(500), 0],
  ['vendor-error', millis(500), 0],
] as const)('a login refused for %s goes on with the right key', (why, wait, refused) => {
  const talk = new Talk(two, {}, ['one', 'other']).arrive({ upTo: 'logging-in' });
  talk.hear(trouble(why));
  expect(talk.lastOrders).toContainEqual({ order: 'drop' });
  expect(talk.wait).toBe(wait);
  expect(talk.state.ring.filter(({ why: offence }) => offence !== undefined)).toHaveLength(refused);
  talk.elapse('dial');
  expect(talk.lastOrders).toContainEqual({ order: 'connect', key: 1 });
});

test('a lone key that is refused is tried again: vendors refuse good keys now and then', () => {
  const talk = new Talk(two).live();
  const waits = [0, 1, 2, 3, 4].map(() => {
    talk.give({ kind: 'closed', code: 1006, reason: '' });
    talk.elapse('dial');
    talk.arriveFrom('opening', 'logging-in');
    talk.hear(trouble('bad-key'));
    return talk.wait;
  });
  expect(waits).toEqual([seconds(2), seconds(4), seconds(8), seconds(16), 15n * minute]);
  expect(talk.reports('key-offended').map(({ bad }) => bad)).toEqual([false, false, false, false, true]);
});

test.each(['slow-client', 'sent-away', 'vendor-error', 'too-many-connections', 'bad-key'] as const)(
  'a live connection that meets %s is given up and made anew',
  (why) => {
    const talk = new Talk(two).live();
    talk.hear(trouble(why));
    expect(talk.lastOrders).toContainEqual({ order: 'drop' });
    expect(talk.phase).toBe('waiting');
  },
);

test.each(['not-entitled', 'too-many-symbols', 'too-many-requests', 'bad-request'] as const)(
  'a live connection survives %s',
  (why) => {
    const talk = new Talk(two).live();
    talk.hear(trouble(why));
    expect(talk.phase).toBe('live');
    expect(talk.reports('trouble')).toMatchObject([{ why }]);
  },
);

test('a frame that cannot be read is reported and ends nothing', () => {
  const talk = new Talk(two).live();
  talk.hear({ kind: 'unreadable', why: 'not JSON', excerpt: '[{"T":' });
  expect(talk.phase).toBe('live');
  expect(talk.reports('unreadable')).toMatchObject([{ why: 'not JSON' }]);
});

test('a line on which pings are not answered is given up, unless nobody was listening', () => {
  const talk = new Talk(two).live();
  talk.elapse('ping');
  talk.give({ kind: 'pong' });
  talk.elapse('ping');
  expect(talk.lastOrders).toContainEqual({ order: 'ping' });
  talk.give({ kind: 'paused' });
  talk.elapse('pong');
  expect(talk.phase, 'paused').toBe('live');
  talk.give({ kind: 'resumed' });
  talk.elapse('ping');
  talk.elapse('pong');
  expect(talk.phase).toBe('waiting');
  expect(talk.reports('ended')).toMatchObject([{ ending: { by: 'deadline', missed: 'pong' } }]);
});

test('the vendor’s heartbeat is sent as often as it wants', () => {
  const heartbeat: Feed['heartbeat'] = { every: seconds(10), message: '{"action":"heartbeat"}' };
  const talk = new Talk(two, { heartbeat }).live();
  talk.elapse('heartbeat');
  talk.elapse('heartbeat');
  expect(talk.sent.slice(-2)).toEqual([{ action: 'heartbeat' }, { action: 'heartbeat' }]);
});

test('a rotation goes on with the next key at once', () => {
  const talk = new Talk(two, {}, ['one', 'other']).live();
  talk.give({ kind: 'rotate' });
  expect(talk.wait).toBe(0n);
  talk.elapse('dial');
  expect(talk.lastOrders).toContainEqual({ order: 'connect', key: 1 });
});

test('a stop says goodbye and is final', () => {
  const talk = new Talk(two).live();
  talk.give({ kind: 'stop' });
  expect(talk.lastOrders).toContainEqual({ order: 'close' });
  talk.give({ kind: 'closed', code: 1000, reason: '' });
  expect(talk.phase).toBe('left');
  talk.give({ kind: 'start' });
  expect(talk.phase).toBe('left');

  const unanswered = new Talk(two).live();
  unanswered.give({ kind: 'stop' });
  unanswered.elapse('farewell');
  expect(unanswered.lastOrders.map(({ order }) => order)).toEqual(
    expect.arrayContaining<Order['order']>(['drop', 'left']),
  );
});

test('settings are checked', () => {
  expect(connectionSettings.parse({}).deadlines.upgrade).toBe(seconds(10));
  expect(() => connectionSettings.parse({ deadlines: { upgrade: '0s' } })).toThrow('above zero');
});
