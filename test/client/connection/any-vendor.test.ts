import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Input } from '../../../client/conversation.ts';
import { countOf, minus, plus, troubles, type Feed, type Notice, type Wants } from '../../../client/feeds/feed.ts';
import { minute, seconds } from '../../../market/nanos.ts';
import { opening, trade } from '../../helpers/events.ts';
import { tradesOf } from './small-feed.ts';
import { Talk } from './talk.ts';

const wants = fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D', 'E')).map((symbols) => tradesOf(...symbols));
const why = fc.constantFrom(...troubles);
const notice: fc.Arbitrary<Notice> = fc.oneof(
  fc.constantFrom<Notice>({ kind: 'greeted' }, { kind: 'logged-in' }, { kind: 'alive' }),
  fc.record({ kind: fc.constantFrom('holds' as const, 'granted' as const, 'released' as const), wants }),
  fc.record({
    kind: fc.constant('denied' as const),
    wants: fc.option(wants, { nil: undefined }),
    why,
    message: fc.constantFrom('no', 'not now'),
  }),
  fc.record({ kind: fc.constant('trouble' as const), why, code: fc.constant(undefined), message: fc.constant('') }),
);
const input: fc.Arbitrary<Input> = fc.oneof(
  fc.constantFrom<Input>(
    { kind: 'opened' },
    { kind: 'pong' },
    { kind: 'paused' },
    { kind: 'resumed' },
    { kind: 'rotate' },
    { kind: 'start' },
  ),
  fc.record({
    kind: fc.constant('heard' as const),
    notices: fc.array(notice, { maxLength: 3 }),
    events: fc
      .array(fc.constantFrom('A', 'B', 'Z'), { maxLength: 2 })
      .map((symbols) => symbols.map((symbol) => trade(opening, { symbol }))),
  }),
  fc.record({
    kind: fc.constant('refused' as const),
    status: fc.constantFrom(401, 429, 503),
    why,
    message: fc.constant(''),
    told: fc.constantFrom(undefined, seconds(3), seconds(9999)),
  }),
  fc.record({ kind: fc.constant('closed' as const), code: fc.constantFrom(1000, 1006, 4000), reason: fc.constant('') }),
  fc.record({ kind: fc.constant('wanted' as const), wants }),
  fc.record({ kind: fc.constant('mute' as const), wants, since: fc.constant(opening), reconnect: fc.boolean() }),
);
/** Something befalls it, or the next deadline comes. */
const step = fc.oneof(input, fc.constant('due' as const), fc.constant('due' as const));

/** Wants as text, whatever the order in which they came about. */
const text = (some: Wants): string[] => [...(some.get('trade') ?? [])].toSorted();

/** Lets the first deadline come. */
function elapseFirst(talk: Talk): void {
  const [first] = [...talk.armed].toSorted(([, one], [, other]) => Number(one - other));
  if (first !== undefined) talk.elapse(first[0]);
}

/** Does not lose sight of what the conversation owes whatever its vendor does. */
class Witness {
  #isOpen = false;
  #isIn = false;
  /** Whose address shows the key is logged in as soon as it is connected. */
  readonly #isLoginImplied: boolean;

  constructor(isLoginImplied: boolean) {
    this.#isLoginImplied = isLoginImplied;
  }

  see(talk: Talk, given: Input | 'due'): void {
    const before = this.#isOpen;
    if (given !== 'due' && given.kind === 'closed') this.#isOpen = false;
    if (given !== 'due' && given.kind === 'heard') {
      this.#isIn ||= given.notices.some(({ kind }) => kind === 'logged-in');
    }
    for (const order of talk.lastOrders) {
      if (order.order === 'drop') this.#isOpen = false;
      if (order.order === 'connect') {
        expect(this.#isOpen, 'a second socket').toBe(false);
        [this.#isOpen, this.#isIn] = [true, this.#isLoginImplied];
      }
      if (order.order !== 'send') continue;
      expect(before, 'said into no socket').toBe(true);
      if (!String(order.message).includes('"auth"')) expect(this.#isIn, 'subscribed before the login').toBe(true);
    }
    const { subscriptions, ring } = talk.state;
    expect(countOf(minus(subscriptions.held, subscriptions.wants))).toBe(0);
    if (talk.phase === 'waiting') {
      const longest = 15n * minute + seconds(30);
      expect(talk.wait).toBeGreaterThanOrEqual(0n);
      expect(talk.wait, JSON.stringify(ring.map(({ refusals, crowded }) => [refusals, crowded]))).toBeLessThan(longest);
    }
  }
}

test.each<[string, Partial<Feed>]>([
  ['acknowledges', {}],
  ['never acknowledges', { acknowledges: false, greets: false, login: () => undefined }],
])(
  'whatever a vendor that %s does, there is one socket, nothing is asked before the login, and waits are bounded',
  (_, feed) => {
    fc.assert(
      fc.property(
        wants,
        fc.array(step, { maxLength: 60 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (first, steps, draw) => {
          const talk = new Talk(first, feed, ['one', 'other']);
          talk.draw = draw;
          const witness = new Witness(feed.login !== undefined);
          talk.give({ kind: 'start' });
          for (const one of steps) {
            if (one === 'due') elapseFirst(talk);
            else talk.give(one);
            witness.see(talk, one);
          }
        },
      ),
      { numRuns: 300 },
    );
  },
);

test('once a vendor behaves, all that is wanted is held or known to be denied', () => {
  fc.assert(
    fc.property(wants, fc.array(step, { maxLength: 40 }), (first, steps) => {
      const talk = new Talk(first, {}, ['one', 'other']);
      talk.give({ kind: 'start' });
      for (const one of steps) {
        if (one === 'due') elapseFirst(talk);
        else talk.give(one);
      }
      talk.give({ kind: 'resumed' });
      // Whatever was said to its own self is forgotten with the connection.
      talk.give({ kind: 'closed', code: 1006, reason: '' });
      let sends: Wants = tradesOf();
      let read = talk.sent.length;
      for (let turn = 0; talk.phase !== 'live' && turn < 50; turn++) {
        for (const { action, trades = [] } of talk.sent.slice(read)) {
          sends = action === 'subscribe' ? plus(sends, tradesOf(...trades)) : minus(sends, tradesOf(...trades));
        }
        read = talk.sent.length;
        if (talk.phase === 'waiting') talk.elapse('dial');
        else if (talk.phase === 'opening') talk.give({ kind: 'opened' });
        else if (talk.phase === 'greeting') talk.hear({ kind: 'greeted' });
        else if (talk.phase === 'logging-in') talk.hear({ kind: 'logged-in' });
        else talk.hear({ kind: 'holds', wants: sends });
      }
      expect(talk.phase).toBe('live');
      expect(text(talk.held)).toEqual(text(talk.state.subscriptions.wants));
      expect(talk.denied.size).toBe(0);
    }),
    { numRuns: 300 },
  );
});
