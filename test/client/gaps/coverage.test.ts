import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Coverage, type Gap } from '../../../client/gaps/coverage.ts';
import { gapSettings } from '../../../client/gaps/settings.ts';
import { wantsOf } from '../../../client/wants.ts';
import type { Trade } from '../../../market/event.ts';
import { hour, minute } from '../../../market/nanos.ts';
import { opening, trade } from '../../helpers/events.ts';

const settings = gapSettings.parse({});
const both = wantsOf([['trade', ['AAPL', 'MSFT']]]);
const apple = wantsOf([['trade', ['AAPL']]]);
const at = (seconds: number, symbol = 'AAPL'): Trade =>
  trade(opening + BigInt(Math.round(seconds * 1000)) * 1_000_000n, { symbol });

/** A gap in seconds after the opening. */
const span = ({ symbol, from, to }: Gap): string =>
  `${symbol} ${Number(from - opening) / 1e9}..${Number(to - opening) / 1e9}`;

test('what was missed between two connections is a gap from the last event heard to the first one after, with an overlap', () => {
  const coverage = new Coverage(settings);
  coverage.covered(both);
  expect(coverage.heard([at(0), at(10, 'MSFT'), at(11)])).toEqual([]);
  coverage.lost(both, 'ended');
  expect(coverage.open().map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT']);
  coverage.covered(both);
  expect(coverage.heard([at(21, 'MSFT'), at(22)]).map(span)).toEqual(['AAPL 10..22', 'MSFT 9..22']);
  expect(coverage.heard([at(23)])).toEqual([]);
  expect(coverage.open()).toEqual([]);
});

test('a symbol that rarely trades is missing since the connection ended, not since its own last event', () => {
  const coverage = new Coverage(settings);
  coverage.covered(both);
  coverage.heard([at(0, 'MSFT'), at(600)]);
  coverage.lost(both, 'ended');
  coverage.covered(both);
  expect(coverage.heard([at(610)]).map(span)).toEqual(['AAPL 599..611', 'MSFT 569..611']);
});

test('a symbol that fell silent by itself is missing since its own last event', () => {
  const coverage = new Coverage(settings);
  coverage.covered(both);
  coverage.heard([at(0), at(300, 'MSFT')]);
  coverage.lost(apple, 'mute');
  coverage.covered(apple);
  expect(coverage.heard([at(301, 'MSFT')]).map(span)).toEqual(['AAPL -1..302']);
});

test('connections that end before anything is heard on them make one gap, not several', () => {
  const coverage = new Coverage(settings);
  coverage.covered(apple);
  coverage.heard([at(0)]);
  for (let attempt = 0; attempt < 3; attempt++) {
    coverage.lost(apple, 'ended');
    coverage.covered(apple);
  }
  expect(coverage.heard([at(60)]).map(span)).toEqual(['AAPL -1..61']);
});

test('where the new connection says nothing, the gap ends when somebody says what time it is', () => {
  const coverage = new Coverage(settings);
  coverage.covered(apple);
  coverage.heard([at(0)]);
  coverage.lost(apple, 'ended');
  coverage.covered(apple);
  expect(coverage.isReturning).toBe(true);
  expect(coverage.reckon(opening + minute).map(span)).toEqual(['AAPL -1..61']);
  expect(coverage.isReturning).toBe(false);
  // Nobody had proved it: what the market said between then and its next word may be missing too.
  expect(coverage.heard([at(90)]).map(span)).toEqual(['AAPL 59..91']);
  expect(coverage.heard([at(91)])).toEqual([]);
});

test('nothing is missing before the first event, unless something is stored from an earlier life', () => {
  const fresh = new Coverage(settings);
  fresh.covered(apple);
  expect(fresh.heard([at(0)])).toEqual([]);
  const restarted = new Coverage(settings);
  restarted.seed('trade', 'AAPL', opening - hour);
  restarted.covered(both);
  expect(restarted.heard([at(0)]).map(span)).toEqual(['AAPL -3661..1']);
});

test('what is no longer wanted is not missing', () => {
  const coverage = new Coverage(settings);
  coverage.covered(both);
  coverage.heard([at(0), at(1, 'MSFT')]);
  coverage.lost(both, 'ended');
  coverage.forget(apple);
  coverage.covered(wantsOf([['trade', ['MSFT']]]));
  expect(coverage.heard([at(9, 'MSFT')]).map(span)).toEqual(['MSFT 0..10']);
});

test('with a wildcard, each symbol that was heard has its gap', () => {
  const all = wantsOf([['trade', ['*']]]);
  const coverage = new Coverage(settings);
  coverage.covered(all);
  coverage.heard([at(0), at(1, 'MSFT')]);
  coverage.lost(all, 'ended');
  coverage.covered(all);
  expect(coverage.heard([at(5, 'NVDA')]).map(span)).toEqual(['AAPL -1..6', 'MSFT 0..6']);
});

test('a straggler older than what was heard before the loss does not end a gap', () => {
  const coverage = new Coverage(settings);
  coverage.covered(apple);
  coverage.heard([at(100)]);
  coverage.lost(apple, 'ended');
  coverage.covered(apple);
  expect(coverage.heard([at(99)])).toEqual([]);
  expect(coverage.heard([at(130)]).map(span)).toEqual(['AAPL 99..131']);
});

test('a market that plays again from its start is followed', () => {
  const coverage = new Coverage(settings);
  coverage.covered(apple);
  coverage.heard([at(7200)]);
  coverage.heard([at(0)]);
  coverage.lost(apple, 'ended');
  coverage.covered(apple);
  expect(coverage.heard([at(20)]).map(span)).toEqual(['AAPL -1..21']);
});

/** A market of two symbols, and when we listen: each event says whether the connection is up when it happens. */
const market = fc.array(
  fc.record({
    symbol: fc.constantFrom('AAPL', 'MSFT'),
    pause: fc.integer({ min: 0, max: 90_000 }),
    isUp: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

test('whenever the connection comes and goes: every event that was missed lies in a gap, and no gap reaches beyond what was heard around it', () => {
  fc.assert(
    fc.property(market, (happenings) => {
      const coverage = new Coverage(settings);
      const [gaps, missed]: [Gap[], Trade[]] = [[], []];
      let now = opening;
      let up = false;
      let started = false;
      const heard: bigint[] = [];
      for (const { symbol, pause, isUp } of [...happenings, { symbol: 'AAPL', pause: 1, isUp: true }]) {
        now += BigInt(pause) * 1_000_000n;
        if (isUp && !up) coverage.covered(both);
        if (!isUp && up) coverage.lost(both, 'ended');
        up = isUp;
        const event = trade(now, { symbol });
        if (!up && started) missed.push(event);
        if (!up) continue;
        started = true;
        heard.push(now);
        gaps.push(...coverage.heard([event]));
      }
      for (const event of missed) {
        expect(gaps.some((gap) => gap.symbol === event.symbol && gap.from <= event.at && event.at <= gap.to)).toBe(
          true,
        );
      }
      for (const { from, to } of gaps) {
        expect(heard).toContain(to - settings.overlap);
        const last = heard.findLast((instant) => instant < to - settings.overlap);
        if (last !== undefined) expect(from).toBeGreaterThanOrEqual(last - settings.silence - settings.overlap);
      }
    }),
  );
});
