import { expect, test } from 'vitest';
import { seconds } from '../../../market/nanos.ts';
import { chosenFault, faultKinds, faultSchema } from '../../../server/faults/index.ts';
import { opened } from '../../helpers/rehearse.ts';

/** Ten times as fast: what takes ten seconds on the tape takes one on the wall. */
const fast = { wall: (span: bigint) => span / 10n };

const complaints = (inject: unknown): readonly string[] =>
  faultSchema.safeParse(inject).error?.issues.map(({ message }) => message) ?? [];

test('delays shrink with the speed of the tape, what a header says does not', () => {
  expect(opened({ delayUpgrade: { delay: '10s' } }, fast).upgrade?.()).toEqual({ kind: 'hold', span: seconds(1) });
  expect(opened({ delayGreeting: { delay: '10s' } }, fast).notice?.({ kind: 'welcome' })).toBe(seconds(1));
  expect(opened({ delayAck: { delay: '10s', of: ['logged-in'] } }, fast).notice?.({ kind: 'logged-in' })).toBe(
    seconds(1),
  );
  expect(opened({ refuseUpgrade: { retryAfter: '1m' } }, fast).upgrade?.()).toEqual({
    kind: 'answer',
    answer: { status: 429, headers: { 'retry-after': '60' }, body: '' },
  });
});

test('only the words that a fault is about are late or lost', () => {
  for (const inject of [{ delayGreeting: { delay: '1s' } }, { withholdGreeting: {} }, { withholdAck: {} }]) {
    const fault = opened(inject);
    expect(fault.notice?.({ kind: 'logged-in' })).toBeUndefined();
    expect(fault.notice?.({ kind: 'refused', why: 'bad-key' })).toBeUndefined();
    expect(fault.notice?.({ kind: 'pong' })).toBeUndefined();
  }
});

test('a close code that no frame may carry, a status that refuses nobody and a wait of half seconds are not options', () => {
  expect(complaints({ close: { code: 1006 } })).toEqual(['not a close code; use 1000–4999 without 1004–1006 and 1015']);
  expect(complaints({ close: { reason: 'x'.repeat(124) } })).toEqual(['too long; use 123 bytes or less']);
  expect(complaints({ shutDown: { status: 200 } })).toEqual(['no refusal; use 400–599']);
  expect(complaints({ refuseUpgrade: { retryAfter: '1.5s' } })).toEqual([
    'not whole seconds, and Retry-After has no others',
  ]);
  expect(complaints({ expireKey: { close: 'soon' } })).toEqual(['not an end; use a close code, none, or never']);
  expect(complaints({ withholdSymbols: { share: 0 } })).toEqual(['withholds nothing; use more than 0, up to 1']);
});

test('a body that is JSON is called so, any other is text', () => {
  const type = (body: string): string | undefined => {
    const turn = opened({ refuseUpgrade: { status: 503, body } }).upgrade?.();
    return turn?.kind === 'answer' ? turn.answer.headers?.['content-type'] : undefined;
  };
  expect([type('{"a":1}'), type('busy'), type('')]).toEqual([
    'application/json',
    'text/plain; charset=utf-8',
    undefined,
  ]);
});

test('every fault says in one sentence, without a full stop and without a hole, what it does', () => {
  for (const [name, kind] of Object.entries(faultKinds)) {
    const examples = kind.options.meta()?.['examples'];
    expect(Array.isArray(examples), name).toBe(true);
    for (const example of Array.isArray(examples) ? examples : []) {
      const { sentence } = chosenFault(faultSchema.parse({ [name]: example }));
      expect(sentence, name).toMatch(/^\S.{10,}[^.\s]$/);
      expect(sentence, name).not.toMatch(/undefined|\[object/);
    }
  }
});
