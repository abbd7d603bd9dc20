import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import { openExchanges } from '../../server/exchanges/index.ts';
import type { Exchange, Stream } from '../../server/exchanges/exchange.ts';
import {
  Keys,
  type Holder,
  type KeyEntry,
  type KeyLimits,
  type Lease,
  mostKeys,
  unknownPlans,
} from '../../server/keys.ts';

const [alpaca] = openExchanges(undefined);
if (alpaca === undefined) throw new Error('no exchange');
const exchange: Exchange = alpaca;
const [plain] = alpaca.streams;
if (plain === undefined) throw new Error('no stream');
const stream: Stream = plain;
const evicting: Stream = { ...stream, manners: { ...stream.manners, evicts: 'oldest', ghost: seconds(0) } };

const keysOf = (
  entries: readonly KeyEntry[] | undefined,
  limits: KeyLimits,
  exchanges: readonly Exchange[] = [exchange],
): Keys => new Keys(entries, limits, exchanges, new ManualClock());

class Receiver implements Holder {
  evictions = 0;
  evicted(): void {
    this.evictions++;
  }
}

function admitted(keys: Keys, on: Stream, holder: Holder, secret = 's'): Lease {
  const lease = keys.admit({ key: 'k', secret }, exchange, on, holder);
  if (typeof lease === 'string') throw new Error(lease);
  return lease;
}

test('a newcomer beyond the limit is refused where the newest goes, and takes the place of the oldest where the oldest goes', () => {
  const keys = keysOf(undefined, { sessions: 1 });
  const [first, second] = [new Receiver(), new Receiver()];
  admitted(keys, stream, first);
  expect(keys.admit({ key: 'k', secret: 's' }, exchange, stream, second)).toBe('too-many-sessions');
  const other = keysOf(undefined, { sessions: 1 });
  admitted(other, evicting, first);
  admitted(other, evicting, second);
  expect([first.evictions, second.evictions]).toEqual([1, 0]);
});

test('an evicted session that leaves late does not free the place of its successors', () => {
  const keys = keysOf(undefined, { sessions: 1 });
  const [first, second, third, fourth] = [new Receiver(), new Receiver(), new Receiver(), new Receiver()];
  const late = admitted(keys, evicting, first);
  admitted(keys, evicting, second).release();
  admitted(keys, evicting, third);
  late.release();
  admitted(keys, evicting, fourth);
  expect(third.evictions).toBe(1);
});

test('a place once released is free again', () => {
  const keys = keysOf([{ key: 'k', secret: 's' }], {});
  admitted(keys, stream, new Receiver()).release();
  expect(keys.admit({ key: 'k', secret: 's' }, exchange, stream, new Receiver())).toHaveProperty('plan');
});

test('a listed key without a secret has one allowance of sessions, whatever secrets are given', () => {
  const keys = keysOf([{ key: 'k', sessions: 1 }], {});
  admitted(keys, stream, new Receiver(), 'one');
  expect(keys.admit({ key: 'k', secret: 'two' }, exchange, stream, new Receiver())).toBe('too-many-sessions');
});

test('a key with a plan that no exchange has is refused before anyone can log in, and told where and which there are', () => {
  const entries = [
    { key: 'a', plan: 'basic' },
    { key: 'b', plan: 'Plus' },
    { key: 'c', plan: 'constructor' },
    { key: 'd' },
  ];
  const plans = ['basic', 'plus', 'broker'];
  expect(unknownPlans(entries, [exchange])).toEqual([
    { index: 1, plan: 'Plus', plans },
    { index: 2, plan: 'constructor', plans },
  ]);
  expect(() => keysOf(entries, {})).toThrow(
    'keys[1].plan: "Plus" – no such plan; use basic, plus or broker\n' +
      'keys[2].plan: "constructor" – no such plan; use basic, plus or broker',
  );
});

test('a plan of one exchange gives nothing at another that has no such plan', () => {
  const other: Exchange = {
    ...exchange,
    name: 'other',
    plans: { gold: { feeds: undefined, sessions: 1, symbols: undefined } },
  };
  const keys = keysOf([{ key: 'k', plan: 'gold' }], {}, [exchange, other]);
  expect(keys.admit({ key: 'k', secret: 's' }, exchange, stream, new Receiver())).toBe('not-in-plan');
  expect(keys.admit({ key: 'k', secret: 's' }, other, stream, new Receiver())).toHaveProperty('plan');
});

test('who is capped has no more places than that, with more in its plan, and is told of it only when that was in the way', () => {
  let met = 0;
  const cap = { most: 2, met: () => void met++ };
  const holders = Array.from({ length: 5 }, () => new Receiver());
  const credentials = { key: 'k', secret: 's' };
  const admit = (keys: Keys, on: Stream, holder: Holder | undefined, most?: typeof cap): Lease | string | undefined =>
    holder && keys.admit(credentials, exchange, on, holder, most);
  const refusing = keysOf(undefined, { sessions: 3 });
  for (const holder of holders.slice(0, 2)) expect(admit(refusing, stream, holder, cap)).toHaveProperty('plan');
  expect(met).toBe(0);
  expect(admit(refusing, stream, holders[2], cap)).toBe('too-many-sessions');
  expect(met).toBe(1);
  expect(admit(refusing, stream, holders[2])).toHaveProperty('plan');
  expect(admit(refusing, stream, holders[3], cap)).toBe('too-many-sessions');
  expect(met).toBe(1);
  const replacing = keysOf(undefined, { sessions: 4 });
  for (const holder of holders.slice(0, 4)) admit(replacing, evicting, holder);
  admit(replacing, evicting, holders[4], cap);
  expect([met, ...holders.map(({ evictions }) => evictions)]).toEqual([1, 1, 1, 1, 0, 0]);
  const surplus: Stream = { ...stream, manners: { ...stream.manners, evicts: 'subscriber' } };
  const tolerant = keysOf(undefined, { sessions: 5 });
  for (const holder of holders.slice(0, 2)) admit(tolerant, surplus, holder, cap);
  expect(admit(tolerant, surplus, holders[2], cap)).toMatchObject({ isSurplus: true, plan: { sessions: 2 } });
  const unlimited: Stream = { ...stream, manners: { ...stream.manners, evicts: 'nobody' } };
  const open = keysOf(undefined, { sessions: 1 });
  for (const holder of holders.slice(0, 2)) expect(admit(open, unlimited, holder)).toHaveProperty('plan');
  expect(admit(open, unlimited, holders[2], cap)).toBe('too-many-sessions');
});

test('as many keys as can be listed may have an end, and each of these another one', () => {
  const keys = keysOf(undefined, {});
  for (let count = 0; count < mostKeys; count++) keys.end(`k${count}`, seconds(1));
  expect(() => keys.end('one too many', seconds(1))).toThrow('reset the run');
  expect(keys.end('k7', seconds(2))).toBe(true);
  expect(keys.endOf('k7')).toBe(seconds(2));
});
