import { expect, test } from 'vitest';
import { type Alarm, Watch } from '../../../client/staleness.ts';
import { stalenessSettings } from '../../../client/staleness-settings.ts';
import { usualHours } from '../../../client/market-hours.ts';
import { plus, type Wants, wantsOf } from '../../../client/feeds/feed.ts';
import type { MarketEvent, Nanos, Status } from '../../../market/event.ts';
import { hour, millis, minute, seconds } from '../../../market/nanos.ts';
import { bar, opening, price, trade } from '../../helpers/events.ts';
import { tradesOf } from './small-feed.ts';

/** 09:30 in New York on a Wednesday. */
const open = opening - hour;
const two = tradesOf('AAPL', 'MSFT');

/** A watch, a clock and a market that trades as it is told; alarms are collected as they come, each second. */
class Watched {
  now: Nanos;
  readonly watch = new Watch(stalenessSettings.parse({}), usualHours(), 'stocks');
  readonly alarms: (Alarm & { readonly at: Nanos })[] = [];
  /** How much the recorded market lags behind the client's clock. */
  readonly #lag: Nanos;

  constructor(wants: Wants, { now = opening, lag = 0n }: { now?: Nanos; lag?: Nanos } = {}) {
    this.now = now;
    this.#lag = lag;
    this.watch.covered(wants, now);
  }

  /** Lets time pass, with a trade of each symbol every so often. */
  pass(span: Nanos, trades: Readonly<Record<string, Nanos>> = {}): this {
    const end = this.now + span;
    for (; this.now < end; this.now += millis(100)) {
      for (const [symbol, every] of Object.entries(trades)) {
        if (this.now % every === 0n) this.hear(trade(this.now - this.#lag, { symbol }));
      }
      if (this.now % seconds(1) === 0n) this.look();
    }
    return this;
  }
  hear(...events: MarketEvent[]): void {
    this.watch.heard(events, this.now);
  }
  /** Looks, and does at once what an alarm asks for. */
  look(): void {
    const alarm = this.watch.look(this.now);
    if (alarm === undefined) return;
    this.alarms.push({ ...alarm, at: this.now });
    this.watch.lost(alarm.wants, false);
    this.watch.covered(alarm.wants, this.now);
  }
}

const lively = { AAPL: millis(100), MSFT: millis(200) };

test('a feed of lively symbols that falls mute is given up within eleven seconds', () => {
  const watched = new Watched(two).pass(seconds(5), lively);
  const last = watched.now - millis(100);
  watched.pass(seconds(15));
  expect(watched.alarms).toMatchObject([{ reconnect: true, wants: two }]);
  expect(watched.alarms[0]?.since).toBe(last);
  expect((watched.alarms[0]?.at ?? 0n) - last).toBeLessThanOrEqual(seconds(11.1));
});

test('one symbol that falls mute is asked for afresh, and the connection given up when that does not help', () => {
  const watched = new Watched(two).pass(minute * 2n, lively);
  watched.pass(seconds(30), { MSFT: millis(200) });
  expect(watched.alarms).toMatchObject([
    { reconnect: false, wants: tradesOf('AAPL') },
    { reconnect: true, wants: two },
  ]);
  const [first, second] = watched.alarms;
  expect((second?.at ?? 0n) - (first?.at ?? 0n)).toBeLessThanOrEqual(seconds(7));
});

test('a symbol that stays dead is asked for more and more rarely, and costs one connection', () => {
  const watched = new Watched(two).pass(minute * 2n, lively);
  watched.pass(hour, { MSFT: millis(200) });
  expect(watched.alarms.filter(({ reconnect }) => reconnect)).toHaveLength(1);
  expect(watched.alarms.length).toBeLessThan(12);
});

test('a feed that stays mute whatever is done is not stormed', () => {
  const watched = new Watched(two).pass(minute * 2n, lively);
  watched.pass(hour);
  const reconnects = watched.alarms.filter(({ reconnect }) => reconnect);
  expect(reconnects.length).toBeLessThan(10);
  expect(watched.alarms.length).toBeLessThan(20);
});

test('a symbol that trades rarely is not taken for dead', () => {
  const thin = { THIN: seconds(53), SLOW: seconds(20) };
  const watched = new Watched(tradesOf('THIN', 'SLOW')).pass(hour * 2n, thin);
  expect(watched.alarms).toEqual([]);
});

test('a burst is no rhythm', () => {
  const watched = new Watched(tradesOf('THIN'));
  for (let count = 0; count < 50; count++) watched.hear(trade(watched.now + BigInt(count), { symbol: 'THIN' }));
  watched.pass(minute * 2n);
  expect(watched.alarms).toEqual([]);
});

test('a symbol that is dead at the open is found, though it was silent all night by right', () => {
  const watched = new Watched(two, { now: open - 20n * hour }).pass(minute * 5n, lively);
  watched.now = open - minute;
  watched.pass(minute);
  expect(watched.alarms, 'before the open').toEqual([]);
  watched.pass(minute * 4n, { MSFT: millis(200) });
  expect(watched.alarms[0]).toMatchObject({ wants: tradesOf('AAPL') });
  expect((watched.alarms[0]?.at ?? 0n) - open).toBeLessThan(minute);
});

test('a subscription that has never brought anything is asked for afresh, and its connection is kept', () => {
  const watched = new Watched(two).pass(minute * 9n, { MSFT: millis(200) });
  expect(watched.alarms.every(({ wants, reconnect }) => !reconnect && wants.get('trade')?.has('AAPL') === true)).toBe(
    true,
  );
  expect(watched.alarms.length).toBeGreaterThanOrEqual(1);
  expect(watched.alarms.length).toBeLessThanOrEqual(3);
});

test('silence after the close is the market’s', () => {
  const close = opening + 330n * minute;
  const watched = new Watched(two, { now: close - minute * 5n }).pass(minute * 5n, lively);
  watched.pass(hour * 2n);
  expect(watched.alarms).toEqual([]);
});

test('a recorded day is watched by its own time, whatever the hour of the client', () => {
  const lag = 15n * 24n * hour + 9n * hour;
  const watched = new Watched(two, { now: opening + lag, lag }).pass(seconds(10), lively);
  watched.pass(seconds(15));
  expect(watched.alarms).toMatchObject([{ reconnect: true }]);
});

test('a recorded day that is stamped with the time of its replay is watched on a Sunday too', () => {
  const sunday = opening + 4n * 24n * hour;
  const watched = new Watched(two, { now: sunday }).pass(seconds(10), lively);
  watched.pass(seconds(12));
  expect(watched.alarms).toMatchObject([{ reconnect: true, wants: two }]);
  const quiet = new Watched(two, { now: sunday }).pass(hour);
  expect(quiet.alarms).toEqual([]);
});

test('a tape that loops is no dead feed', () => {
  const watched = new Watched(two);
  for (let loop = 0n; loop < 20n; loop++) {
    for (let step = 0n; step < 20n; step++) {
      watched.hear(trade(opening + step * millis(100)), trade(opening + step * millis(100), { symbol: 'MSFT' }));
      watched.now += millis(100);
    }
    watched.look();
  }
  expect(watched.alarms).toEqual([]);
});

test('repetitions, statuses and heartbeats are no signs of a living market', () => {
  const daily = wantsOf([
    ['daily-bar', ['AAPL']],
    ['status', ['AAPL']],
  ]);
  const watched = new Watched(plus(two, daily)).pass(seconds(20), lively);
  const same = bar('daily-bar', open - 9n * hour, watched.now);
  const status: Status = {
    ...{ kind: 'status', market: 'stocks', symbol: 'AAPL', at: watched.now, code: '5', message: '' },
    ...{ reasonCode: '', reasonMessage: '', tape: 'C' },
  };
  watched.hear(same);
  for (let second = 0n; second < 12n; second++) {
    watched.hear(same, { ...status, at: status.at + second });
    watched.pass(seconds(1));
  }
  expect(watched.alarms).toMatchObject([{ reconnect: true }]);
});

test('a halted symbol has a right to be silent', () => {
  const watched = new Watched(two).pass(minute * 2n, lively);
  const halt: Status = {
    ...{ kind: 'status', market: 'stocks', symbol: 'AAPL', at: watched.now, code: 'H', message: 'Trading Halt' },
    ...{ reasonCode: 'T1', reasonMessage: '', tape: 'C' },
  };
  watched.hear(halt);
  watched.pass(minute * 5n, { MSFT: millis(200) });
  expect(watched.alarms).toEqual([]);
  watched.hear({ ...halt, code: 'T' });
  watched.pass(seconds(12), { MSFT: millis(200) });
  expect(watched.alarms).toMatchObject([{ wants: tradesOf('AAPL') }]);
});

test('who subscribes to all symbols is told when none comes', () => {
  const watched = new Watched(tradesOf('*')).pass(seconds(20), lively);
  watched.pass(seconds(12));
  expect(watched.alarms).toMatchObject([{ reconnect: true, wants: tradesOf('*') }]);
});

test('what is lost or unwanted is not missed', () => {
  const watched = new Watched(two).pass(minute, lively);
  watched.watch.lost(tradesOf('AAPL'), true);
  watched.pass(minute, { MSFT: millis(200) });
  watched.watch.lost(tradesOf('MSFT'), false);
  watched.pass(minute);
  expect(watched.alarms).toEqual([]);
});

test('prices stamped with whole seconds are each a sign of life when they say different things, so that their silence is noticed too', () => {
  const watched = new Watched(wantsOf([['price', ['AAPL']]]));
  for (let tick = 0; tick < 50; tick++) {
    const second = watched.now - (watched.now % seconds(1));
    watched.hear(price(second, { price: 231 + (tick % 5) }));
    watched.now += millis(100);
  }
  watched.pass(seconds(15));
  expect(watched.alarms).toHaveLength(1);
  const repeated = new Watched(wantsOf([['price', ['AAPL']]]));
  for (let tick = 0; tick < 50; tick++) {
    repeated.hear(price(opening));
    repeated.now += millis(100);
  }
  repeated.pass(seconds(15));
  expect(repeated.alarms).toEqual([]);
});
