import type { KeptRow, Question, RowQuestion } from '../server/index.ts';
import { type Asking, type Matched, matched, met, usualPatience } from './matching.ts';
import { nanosOf, type Span, textOf } from './span.ts';

type Must = Question['must'];
/** What a client does: by name, or by a pattern, without flags, that what it says matches somewhere. */
export type Deed = NonNullable<Must['never']>['of'] | RegExp;
type Scenarios<Kind extends keyof Must> = NonNullable<Must[Kind]>;

function deedOf(deed: Deed): Exclude<Deed, RegExp> {
  if (!(deed instanceof RegExp)) return deed;
  // Without its flag a pattern would never match, and a client would be found never to have done it.
  if (/[^dg]/.test(deed.flags))
    throw new TypeError(`${String(deed)}: patterns have no flags here; spell out what may stand there`);
  return { say: deed.source };
}

/**
 * What can be asked of the clients of an exchange, for `expect.extend` of vitest and jest. Each is one of the expectations of scenarios
 * (docs/faults.md), judged from the beginning of the run on. All are to be awaited: they wait while the client can still do it.
 */
export const papertapeMatchers = {
  /** Every client whose connection ended is logged in again within this time of the tape (`reconnect`). */
  async toReconnectWithin(received: unknown, within: Span, asking?: Asking): Promise<Matched> {
    return await met(received, 'toReconnectWithin', { reconnect: { within: textOf(within) } }, asking);
  },

  /** Every client whose connection ended is subscribed to the same as before (`resubscribe`), within 3s when it is not told. */
  async toHaveResubscribed(
    received: unknown,
    {
      within = usualPatience,
      same = true,
      ...asking
    }: Asking & { readonly within?: Span; readonly same?: boolean } = {},
  ): Promise<Matched> {
    return await met(received, 'toHaveResubscribed', { resubscribe: { within: textOf(within), same } }, asking);
  },

  /** Clients that are turned away wait, longer each time, and not in step (`backoff`); they wait longer each time when nothing is told. */
  async toHaveBackedOff(
    received: unknown,
    {
      floor,
      grows,
      jitter,
      ...asking
    }: Asking & { readonly floor?: Span; readonly grows?: true; readonly jitter?: true } = {},
  ): Promise<Matched> {
    const isBare = floor === undefined && grows === undefined && jitter === undefined;
    const backoff: Scenarios<'backoff'> = {
      ...(floor === undefined ? {} : { floor: textOf(floor) }),
      ...(grows === true || isBare ? { grows: true } : {}),
      ...(jitter === true ? { jitter } : {}),
    };
    return await met(received, 'toHaveBackedOff', { backoff }, asking);
  },

  /** Whoever was told to wait, by status 429 or Retry-After, has waited (`retryAfter`); `atLeast`, 1s, when it was not told how long. */
  async toHaveHonouredRetryAfter(
    received: unknown,
    { atLeast = '1s', ...asking }: Asking & { readonly atLeast?: Span } = {},
  ): Promise<Matched> {
    return await met(received, 'toHaveHonouredRetryAfter', { retryAfter: { atLeast: textOf(atLeast) } }, asking);
  },

  /** No client had more connections open at once (`connections`); `per: 'run'`: all together had no more. */
  async toHaveStayedWithinConnections(
    received: unknown,
    atMost: number,
    { per = 'client', ...asking }: Asking & { readonly per?: 'client' | 'run' } = {},
  ): Promise<Matched> {
    return await met(received, 'toHaveStayedWithinConnections', { connections: { atMost, per } }, asking);
  },

  /** Clients whose data is held back do something about it within this time of the tape (`staleness`). */
  async toHaveNoticedStalenessWithin(received: unknown, within: Span, asking?: Asking): Promise<Matched> {
    return await met(received, 'toHaveNoticedStalenessWithin', { staleness: { within: textOf(within) } }, asking);
  },

  /** Whatever clients missed they fetch from history within this time of the tape (`backfill`). */
  async toHaveBackfilledWithin(
    received: unknown,
    within: Span,
    { exact, slack, ...asking }: Asking & { readonly exact?: true; readonly slack?: Span } = {},
  ): Promise<Matched> {
    const backfill: Scenarios<'backfill'> = {
      within: textOf(within),
      ...(exact === true ? { exact } : {}),
      ...(slack === undefined ? {} : { slack: textOf(slack) }),
    };
    return await met(received, 'toHaveBackfilledWithin', { backfill }, asking);
  },

  /** Every client that ever logged in is connected and subscribed when the tape ends (`connected`); waits for the end. */
  async toBeConnectedAtTheEnd(received: unknown, asking?: Asking): Promise<Matched> {
    return await met(received, 'toBeConnectedAtTheEnd', { connected: {} }, asking);
  },

  /** Clients have done this so often (`frames`), once or more when it is not told. */
  async toHaveDone(
    received: unknown,
    deed: Deed,
    { atLeast, atMost, ...asking }: Asking & { readonly atLeast?: number; readonly atMost?: number } = {},
  ): Promise<Matched> {
    const least = atLeast ?? (atMost === undefined ? 1 : undefined);
    const frames: Scenarios<'frames'> = {
      of: deedOf(deed),
      ...(least === undefined ? {} : { atLeast: least }),
      ...(atMost === undefined ? {} : { atMost }),
    };
    return await met(received, 'toHaveDone', { frames }, asking);
  },

  /** No client has ever done this (`never`); with `after`, never since that step began. */
  async toHaveNeverDone(received: unknown, deed: Deed, asking?: Asking): Promise<Matched> {
    return await met(received, 'toHaveNeverDone', { never: { of: deedOf(deed) } }, asking);
  },

  /** On every connection these were done in this order (`order`). */
  async toHaveDoneInOrder(received: unknown, deeds: readonly Deed[], asking?: Asking): Promise<Matched> {
    return await met(received, 'toHaveDoneInOrder', { order: { of: deeds.map(deedOf) } }, asking);
  },

  /**
   * Rows that a client kept equal those that were owed to it, each as often: none lost, none invented. An array that grows is looked at again
   * until they do. `columns` says which fields make a row, and how they are called there.
   */
  async toHaveReceivedEverything(
    received: unknown,
    rows: Iterable<KeptRow>,
    { timeout = usualPatience, ...question }: RowQuestion & Pick<Asking, 'timeout'> = {},
  ): Promise<Matched> {
    const patience = nanosOf(timeout);
    return await matched(
      received,
      'toHaveReceivedEverything',
      async (trial) => await trial.inquireRows(rows, question, patience),
    );
  },

  /** Any expectation, as a scenario spells it: `{ posted: { file: 'rows.ndjson' } }`. */
  async toMeet(received: unknown, must: Must, asking?: Asking): Promise<Matched> {
    return await met(received, 'toMeet', must, asking);
  },

  /** Clients have done all that the scenario expects of them; waits while an expectation is open. Warnings do not count. */
  async toHaveCoped(received: unknown, { timeout = usualPatience }: Pick<Asking, 'timeout'> = {}): Promise<Matched> {
    return await matched(received, 'toHaveCoped', async (trial) => {
      const { passed, findings } = await trial.decision(nanosOf(timeout));
      if (findings.length === 0) throw new TypeError('the scenario expects nothing of its clients; add to its expect');
      const unmet = findings.filter(({ outcome, severity }) => outcome === 'unmet' && severity === 'error');
      return {
        outcome: passed ? 'met' : 'unmet',
        sentence: 'clients do what the scenario expects',
        expected: findings.map(({ id, sentence }) => `${id}: ${sentence}`).join('; '),
        seen: passed ? 'all of it' : unmet.map(({ id, seen }) => `${id}: ${seen}`).join('; '),
        lines: unmet.flatMap(({ lines }) => lines),
      };
    });
  },
};
