import { expect, test } from 'vitest';
import { minute, seconds } from '../../../market/nanos.ts';
import type { MarketEvent } from '../../../market/event.ts';
import { Silence } from '../../../server/deck/silence.ts';
import { bar, opening, trade } from '../../helpers/events.ts';

/** Market time left of a tape when its silences are cut. */
function played(events: readonly MarketEvent[], longest: bigint): bigint {
  const silence = new Silence(longest);
  let reached: bigint | undefined;
  let time = 0n;
  events.forEach((event, index) => {
    const cut = silence.tooLong(event, reached);
    if (reached !== undefined) time += event.at - reached - cut;
    reached = event.at;
    silence.heard(events, index, index + 1);
  });
  return time;
}

test('a silence is cut to the longest allowed, a shorter one is kept', () => {
  const tape = [trade(opening), trade(opening + seconds(3)), trade(opening + minute * 60n)];
  expect(played(tape, seconds(5))).toBe(seconds(8));
});

test('the day so far, repeated every minute of an evening, does not keep the evening long', () => {
  const evening = Array.from({ length: 250 }, (_, index) => {
    const at = opening + minute * BigInt(index + 1);
    return bar('daily-bar', opening, at);
  });
  const morning = trade(opening + minute * 1000n);
  expect(played([trade(opening), ...evening, morning], seconds(5))).toBe(seconds(5));
});

test('while the market trades, daily bars come at their minutes', () => {
  const tape = [trade(opening), bar('daily-bar', opening, opening + seconds(4)), trade(opening + seconds(5))];
  expect(played(tape, seconds(5))).toBe(seconds(5));
});

test('what another exchange makes of the same trades neither breaks a silence nor lengthens it', () => {
  const theirs = (after: bigint): MarketEvent => bar('bar', opening, opening + after, { publisher: 'other' });
  const late = trade(opening + minute * 2n);
  expect(played([trade(opening), theirs(seconds(2)), theirs(minute), late], seconds(5))).toBe(seconds(5));
  expect(played([trade(opening), theirs(minute * 2n - seconds(1)), late], seconds(5))).toBe(seconds(5));
  expect(played([trade(opening), theirs(seconds(3)), trade(opening + seconds(4))], seconds(5))).toBe(seconds(4));
});
