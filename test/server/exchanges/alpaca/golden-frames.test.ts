import { decode as unpack, encode as pack, ExtensionCodec } from '@msgpack/msgpack';
import { expect, test } from 'vitest';
import type { MarketEvent } from '../../../../market/event.ts';
import { ByteWriter } from '../../../../server/wire/byte-writer.ts';
import type { Command, Refusal, Subscription, Wire } from '../../../../server/exchanges/exchange.ts';
import { refusals } from '../../../../server/exchanges/exchange.ts';
import { alpaca } from '../../../../server/exchanges/alpaca/index.ts';
import { eventOn } from '../../../helpers/alpaca-stream-events.ts';
import type { WireElement } from '../../../helpers/alpaca-wire-events.ts';
import { transcriptsOf } from '../../../helpers/transcripts.ts';

const exchange = alpaca.open(alpaca.options.parse({}));
const covered = transcriptsOf('alpaca').filter(({ path }) => exchange.streams.some((stream) => stream.path === path));

const msgpackOnly = new Set(['/v1beta1/indicative', '/v1beta1/opra']);
/** Codes that answer what a message says, not who says it. */
const refusedMessages = new Set<unknown>([400, 410]);

for (const { name, path, headers, steps } of covered) {
  const stream = exchange.streams.find((candidate) => candidate.path === path);
  const wire = stream?.wire({ 'content-type': headers?.['Content-Type'] });
  if (wire === undefined) throw new Error(`no stream for ${path}`);
  for (const [index, step] of steps.entries()) {
    if (step.dir !== 'recv' || !Array.isArray(step.frame)) continue;
    const { frame, hex } = step;
    test(`${name}, step ${index}: the frame ${JSON.stringify(frame).slice(0, 60)} has the recorded bytes`, () => {
      const bytes = spell(path, wire, frame, index === 0 ? undefined : name);
      expect(bytes.toString('hex')).toBe(hex ?? Buffer.from(JSON.stringify(frame)).toString('hex'));
    });
  }
  for (const [index, step] of steps.entries()) {
    if (step.dir !== 'send' || step.control !== undefined) continue;
    test(`${name}, step ${index}: the request is understood in either encoding and refused only when the reply says so`, () => {
      const messages =
        step.raw !== undefined
          ? [Buffer.from(step.raw)]
          : [
              ...(msgpackOnly.has(path) ? [] : [Buffer.from(JSON.stringify(step.frame))]),
              Buffer.from(pack(step.frame)),
              ...(step.hex ? [Buffer.from(step.hex, 'hex')] : []),
            ];
      const commands = messages.map((message) => wire.decode(message));
      for (const command of commands) expect(command).toEqual(commands[0]);
      const reply = steps.slice(index + 1).find((later) => later.dir === 'recv' && later.conn === step.conn);
      const code = reply?.dir === 'recv' && Array.isArray(reply.frame) ? reply.frame[0]?.['code'] : undefined;
      expect(commands[0]?.kind === 'nonsense').toBe(refusedMessages.has(code));
      expect(commands[0]?.kind).toBe(expectedKind(step.frame, code));
    });
  }
}

function expectedKind(frame: unknown, code: unknown): Command['kind'] {
  if (refusedMessages.has(code) || typeof frame !== 'object' || frame === null || !('action' in frame))
    return 'nonsense';
  if (frame.action === 'auth' || frame.action === 'authenticate') return 'login';
  if (frame.action === 'listen') return 'listen';
  return frame.action === 'subscribe' ? 'subscribe' : 'unsubscribe';
}

/** The bytes of a recorded frame, made from the notice or the events it stands for. */
function spell(path: string, wire: Wire, frame: readonly WireElement[], session: string | undefined): Buffer {
  const events = frame.flatMap((element) => eventOn(path, element) ?? []);
  if (events.length > 0) return frameOf(wire, events);
  const [element] = frame;
  if (element?.['T'] === 'success') {
    return only(wire.notice({ kind: element['msg'] === 'connected' ? 'welcome' : 'logged-in' }));
  }
  if (element?.['T'] === 'error')
    return only(wire.notice({ kind: 'refused', why: refusalOf(Number(element['code'])) }));
  const wires = session === 'happy_path_full_ack' || session === 'crypto' ? fullWire(path) : wire;
  return only(wires.notice({ kind: 'subscribed', verdicts: [], all: stateOf(element ?? {}) }));
}

function fullWire(path: string): Wire {
  const { streams } = alpaca.open(alpaca.options.parse({ ack: 'full' }));
  const stream = streams.find((candidate) => candidate.path === path);
  if (stream === undefined) throw new Error(`no stream for ${path}`);
  return stream.wire({});
}

function frameOf(wire: Wire, events: readonly MarketEvent[]): Buffer {
  const out = new ByteWriter(16);
  wire.encoder.open(events.length, out);
  for (const [index, event] of events.entries()) {
    if (index > 0) wire.encoder.separate(out);
    wire.encoder.event(event, 0n, out);
  }
  wire.encoder.close(out);
  return out.bytes.subarray(0, out.length);
}

const channelNames = {
  trades: 'trade',
  quotes: 'quote',
  bars: 'bar',
  updatedBars: 'updated-bar',
  dailyBars: 'daily-bar',
  statuses: 'status',
  lulds: 'luld',
  orderbooks: 'book',
  news: 'news',
  corrections: 'correction',
  cancelErrors: 'cancel',
} as const;

function stateOf(element: WireElement): Subscription[] {
  return Object.entries(channelNames).flatMap(([name, channel]) => {
    const symbols = element[name];
    return Array.isArray(symbols) && symbols.length > 0 ? [{ channel, symbols: symbols.map(String).toReversed() }] : [];
  });
}

const codes: Readonly<Partial<Record<Refusal, number>>> = {
  'bad-syntax': 400,
  'not-logged-in': 401,
  'bad-key': 402,
  'already-logged-in': 403,
  'login-timeout': 404,
  'too-many-symbols': 405,
  'too-many-sessions': 406,
  'slow-client': 407,
  'not-in-plan': 409,
  'wrong-channel': 410,
  'wrong-encoding': 412,
  'no-wildcard': 413,
  internal: 500,
};
function refusalOf(code: number): Refusal {
  const found = refusals.find((why) => codes[why] === code);
  if (found === undefined) throw new Error(`no refusal has code ${code}`);
  return found;
}

function only(frames: readonly Buffer[]): Buffer {
  expect(frames).toHaveLength(1);
  return frames[0] ?? Buffer.alloc(0);
}

test('an independent MessagePack reader finds the timestamps of the recorded frames to the nanosecond', () => {
  const codec = new ExtensionCodec();
  codec.register({ type: -1, encode: () => null, decode: (bytes) => Buffer.from(bytes).toString('hex') });
  const wire = exchange.streams[0]?.wire({ 'content-type': 'application/msgpack' });
  const element = { T: 't', S: 'AAPL', i: 1, x: 'V', p: 1.5, s: 1, c: [], z: 'C', t: '2026-07-01T14:30:00.123456789Z' };
  const event = eventOn('/v2/iex', element);
  if (wire === undefined || event === undefined) throw new Error('no wire');
  const nanosAndSeconds = (123_456_789n << 34n) | BigInt(Date.parse('2026-07-01T14:30:00Z') / 1000);
  expect(unpack(frameOf(wire, [event]), { extensionCodec: codec })).toEqual([
    { ...element, t: nanosAndSeconds.toString(16).padStart(16, '0') },
  ]);
});
