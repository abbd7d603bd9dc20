import { expect, test } from 'vitest';
import type { Notice, Trouble, Wants } from '../../../client/feeds/feed.ts';
import { minute, seconds } from '../../../market/nanos.ts';
import { Talk } from './talk.ts';
import { tradesOf } from './small-feed.ts';

const two = tradesOf('AAPL', 'MSFT');
const trouble = (why: Trouble): Notice => ({ kind: 'trouble', why, code: 1, message: 'no' });

test('what is not granted is asked for again, at last afresh, and then reported; the rest is kept', () => {
  const talk = new Talk(two).arrive();
  talk.hear({ kind: 'holds', wants: tradesOf('AAPL') });
  expect(talk.phase).toBe('subscribing');
  talk.elapse('acknowledgement');
  expect(talk.sent.at(-1)).toEqual({ action: 'subscribe', trades: ['MSFT'] });
  talk.elapse('acknowledgement');
  expect(talk.sent.slice(-2)).toEqual([
    { action: 'unsubscribe', trades: ['MSFT'] },
    { action: 'subscribe', trades: ['MSFT'] },
  ]);
  talk.elapse('acknowledgement');
  expect(talk.phase).toBe('live');
  expect(talk.reports('denied')).toMatchObject([{ denial: { wants: tradesOf('MSFT'), why: 'unconfirmed' } }]);
  expect(talk.held).toEqual(tradesOf('AAPL'));
});

test('data proves what the vendor forgot to confirm', () => {
  const talk = new Talk(two).arrive();
  talk.data('MSFT');
  talk.data('AAPL');
  expect(talk.phase).toBe('live');
  expect(talk.held).toEqual(two);
});

test('a plan with room for three of eight symbols is filled, and the rest reported without a new connection', () => {
  const eight = tradesOf('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H');
  const talk = new Talk(eight).arrive();
  let granted: string[] = [];
  for (let answers = 0; talk.phase === 'subscribing' && answers < 50; answers++) {
    const { trades = [] } = talk.sent.at(-1) ?? {};
    const isRoom = granted.length + trades.length <= 3;
    if (isRoom) granted = [...granted, ...trades];
    talk.hear(isRoom ? { kind: 'holds', wants: tradesOf(...granted) } : trouble('too-many-symbols'));
  }
  expect(talk.phase).toBe('live');
  expect(talk.held).toEqual(tradesOf('A', 'B', 'C'));
  expect(talk.denied).toEqual(tradesOf('D', 'E', 'F', 'G', 'H'));
  expect(talk.orders.filter(({ order }) => order === 'connect')).toHaveLength(1);
});

test('one symbol that makes no sense to the vendor does not cost the others', () => {
  const talk = new Talk(tradesOf('A', 'BTC/USD', 'C', 'D')).arrive();
  let granted: string[] = [];
  for (let answers = 0; talk.phase === 'subscribing' && answers < 50; answers++) {
    const { trades = [] } = talk.sent.at(-1) ?? {};
    const isGood = !trades.includes('BTC/USD');
    if (isGood) granted = [...granted, ...trades];
    talk.hear(isGood ? { kind: 'holds', wants: tradesOf(...granted) } : trouble('bad-request'));
  }
  expect(talk.held).toEqual(tradesOf('A', 'C', 'D'));
  expect(talk.denied).toEqual(tradesOf('BTC/USD'));
});

test('what the feed has no channel for is denied at once', () => {
  const wants: Wants = new Map([...two, ['book', new Set(['AAPL'])]]);
  const talk = new Talk(wants).arrive();
  expect(talk.sent.at(-1)).toEqual({ action: 'subscribe', trades: ['AAPL', 'MSFT'] });
  expect(talk.reports('denied')).toMatchObject([
    { denial: { why: 'bad-request', message: 'alpaca test has no book' } },
  ]);
});

test('wants change live: what is new is asked for, what is wanted no longer is given back', () => {
  const talk = new Talk(two).live();
  talk.give({ kind: 'wanted', wants: tradesOf('MSFT', 'TSLA') });
  expect(talk.sent.slice(-2)).toEqual([
    { action: 'unsubscribe', trades: ['AAPL'] },
    { action: 'subscribe', trades: ['TSLA'] },
  ]);
  expect(talk.told('lost')).toMatchObject([{ wants: tradesOf('AAPL'), why: 'unwanted' }]);
  talk.hear({ kind: 'holds', wants: tradesOf('MSFT') });
  expect(talk.phase).toBe('subscribing');
  talk.hear({ kind: 'holds', wants: tradesOf('MSFT', 'TSLA') });
  expect(talk.phase).toBe('live');
  expect(talk.held).toEqual(tradesOf('MSFT', 'TSLA'));
});

test('a subscription that is mute is asked for afresh, and a mute feed is left', () => {
  const talk = new Talk(two).live();
  const since = talk.now - seconds(12);
  talk.give({ kind: 'mute', wants: tradesOf('AAPL'), since, reconnect: false });
  expect(talk.told('lost')).toMatchObject([{ wants: tradesOf('AAPL'), at: since, why: 'mute' }]);
  expect(talk.sent.slice(-2)).toEqual([
    { action: 'unsubscribe', trades: ['AAPL'] },
    { action: 'subscribe', trades: ['AAPL'] },
  ]);
  talk.hear({ kind: 'holds', wants: tradesOf('MSFT') });
  talk.hear({ kind: 'holds', wants: two });
  expect(talk.phase).toBe('live');
  talk.give({ kind: 'mute', wants: two, since, reconnect: true });
  expect(talk.told('lost').at(-1)).toMatchObject({ wants: two, at: since, why: 'mute' });
  expect(talk.phase).toBe('waiting');
});

test('too many requests on an open connection make a client ask more slowly', () => {
  const talk = new Talk(two).arrive();
  talk.hear(trouble('too-many-requests'));
  expect(talk.armed.get('acknowledgement')).toBe(talk.now + minute);
  talk.elapse('acknowledgement');
  talk.hear({ kind: 'holds', wants: two });
  expect(talk.phase).toBe('live');
});
