import { EditorState } from '@codemirror/state';
import { CompletionContext } from '@codemirror/autocomplete';
import { expect, test } from 'vitest';
import { completeBy } from '../../admin-api/page/editor/completion.ts';
import { scenarioJsonSchema } from '../../server/index.ts';

const complete = completeBy(() => scenarioJsonSchema());

/** What is offered where the text has a `|`. */
function offered(marked: string): string[] {
  const pos = marked.indexOf('|');
  const doc = marked.replace('|', '');
  const result = complete(new CompletionContext(EditorState.create({ doc }), pos, true));
  return result?.options.map(({ label }) => label) ?? [];
}

test('the editor offers the keys of a scenario at its left edge', () => {
  expect(offered('name: mine\nre|')).toEqual(
    expect.arrayContaining(['tapes', 'replay', 'timeline', 'rules', 'expect']),
  );
});

test('the editor offers what belongs to a mapping, in block and in flow, in lists and out of them', () => {
  expect(offered('replay:\n  sp|')).toEqual(expect.arrayContaining(['speed', 'mode', 'startOn']));
  expect(offered('replay: { sp|')).toEqual(expect.arrayContaining(['speed', 'mode', 'startOn']));
  expect(offered('replay: { speed: 2, m|')).toContain('mode');
  expect(offered('tapes:\n  - |')).toContain('synthetic');
  expect(offered('tapes:\n- synthetic:\n    symbols: [AAPL]\n    ra|')).toContain('rate');
  expect(offered('timeline:\n  - id: cut\n    at: 5s\n    inj|')).toEqual(expect.arrayContaining(['inject', 'for']));
});

test('the editor offers every fault by name, and the options of each', () => {
  expect(offered('timeline:\n  - at: 5s\n    inject: { |')).toEqual(
    expect.arrayContaining(['mute', 'close', 'hangUp']),
  );
  expect(offered('timeline:\n  - at: 5s\n    inject:\n      close:\n        |')).toEqual(['code', 'reason']);
  expect(offered('timeline:\n  - at: 5s\n    inject: { close: { |')).toEqual(['code', 'reason']);
});

test('the editor offers the values that a key may have', () => {
  expect(offered('replay:\n  mode: |')).toEqual(['loop', 'date_range', 'single_pass']);
  expect(offered('replay: { startOn: |')).toEqual(expect.arrayContaining(['connected', 'subscribed', 'command']));
});

test('the editor offers nothing where nothing can stand: in comments, and below keys that are none', () => {
  expect(offered('# re|')).toEqual([]);
  expect(offered('nonsense:\n  a|')).toEqual([]);
});
