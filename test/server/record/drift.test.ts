import { expect, test } from 'vitest';
import { z } from 'zod';
import { Drift, type DriftFinding } from '../../../server/record/drift/drift.ts';
import { bar, opening, quote, trade } from '../../helpers/events.ts';
import { heardOf, spelt, wireOn } from '../../helpers/heard.ts';

const wire = wireOn('alpaca', '/v2/sip');
const on = { exchange: 'alpaca', path: '/v2/sip', markets: ['stocks'] as const, wire };
type Message = Record<string, unknown>;

/** A trade, a quote and a bar as we send them, each changed by somebody. */
const ours = [trade(opening), quote(opening), bar('bar', opening, opening)];
const plain = (): Message[] =>
  z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(spelt(wire.encoder, ours).toString()));

function findings(change: (messages: Message[]) => Message[]): Omit<DriftFinding, 'messages'>[] {
  const drift = new Drift();
  for (const heard of heardOf(wire, Buffer.from(JSON.stringify(change(plain()))))) drift.hear(on, heard);
  return drift.report.types.flatMap((type) =>
    type.findings.map(({ kind, field, live, ours: spelling }) => ({ kind, field, live, ours: spelling })),
  );
}
const changed = (type: string, change: (message: Message) => Message) => (messages: Message[]) =>
  messages.map((message) => (message['T'] === type ? change(message) : message));

test('messages as we send them do not drift, in whatever order their members stand', () => {
  expect(findings((messages) => messages)).toEqual([]);
  const reversed = (message: Message): Message => Object.fromEntries(Object.entries(message).toReversed());
  expect(findings((messages) => messages.map(reversed))).toEqual([]);
  expect(findings(changed('t', (message) => ({ ...message, t: '2026-07-01T14:30:00.000Z' })))).toEqual([]);
});

test('a renamed field is one that is missing and one that is new', () => {
  expect(findings(changed('t', ({ p, ...rest }) => ({ ...rest, px: p })))).toEqual([
    { kind: 'unreadable', field: 'p', live: 'p is missing', ours: undefined },
    { kind: 'new-field', field: 'px', live: 'number 231.47', ours: undefined },
    { kind: 'missing-field', field: 'p', live: undefined, ours: 'number' },
  ]);
});

test('a number that became text is told with both kinds', () => {
  expect(findings(changed('q', (message) => ({ ...message, bp: '231.45' })))).toEqual([
    { kind: 'unreadable', field: 'bp', live: 'bp is no number: "231.45"', ours: undefined },
    { kind: 'type', field: 'bp', live: 'text "231.45"', ours: 'number' },
  ]);
});

test('a new field is told, and the event is heard all the same', () => {
  expect(findings(changed('b', (message) => ({ ...message, halted: false })))).toEqual([
    { kind: 'new-field', field: 'halted', live: 'boolean false', ours: undefined },
  ]);
});

test('an unknown kind of message is told with what it said', () => {
  expect(findings((messages) => [...messages, { T: 'zz', S: 'AAPL' }])).toEqual([
    { kind: 'unknown-type', field: '', live: '{"T":"zz","S":"AAPL"}', ours: undefined },
  ]);
});

test('a field that is left out, and a value that we would spell otherwise, are told', () => {
  expect(findings(changed('t', (message) => ({ ...message, z: undefined })))).toEqual([
    { kind: 'missing-field', field: 'z', live: undefined, ours: 'text "C"' },
  ]);
  expect(findings(changed('t', (message) => ({ ...message, z: 'Q' })))).toEqual([
    { kind: 'value', field: 'z', live: '"Q"', ours: '"C"' },
  ]);
});

test('MessagePack tells whole numbers from floats', () => {
  const packed = wireOn('alpaca', '/v2/sip', true);
  const frame = spelt(packed.encoder, [trade(opening, { price: 231, size: 100 })]);
  const drift = new Drift();
  const size = frame.indexOf(Buffer.from([0xa1, 0x73, 0x64]));
  const floating = Buffer.concat([
    frame.subarray(0, size + 2),
    Buffer.from([0xcb, 0x40, 0x59, 0, 0, 0, 0, 0, 0]),
    frame.subarray(size + 3),
  ]);
  for (const heard of heardOf(packed, floating)) drift.hear({ ...on, wire: packed }, heard);
  expect(drift.report.types[0]?.findings).toMatchObject([
    { kind: 'type', field: 's', live: 'float64 100', ours: 'number 100' },
  ]);
});

test('the report has each field with its kinds, whether it is always there, and the texts that are few', () => {
  const drift = new Drift();
  for (const heard of heardOf(wire, spelt(wire.encoder, ours))) drift.hear(on, heard);
  const [told] = drift.report.types;
  expect(told).toMatchObject({ exchange: 'alpaca', path: '/v2/sip', type: 't', messages: 1, compared: 1 });
  expect(told?.fields).toContainEqual({ name: 'z', live: ['text'], ours: ['text'], always: true, values: ['C'] });
  expect(told?.fields).toContainEqual({
    name: 't',
    live: ['time as text'],
    ours: ['time as text'],
    always: true,
    values: undefined,
  });
});
