import { decode as unpack, ExtensionCodec } from '@msgpack/msgpack';
import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { millis, seconds } from '../../market/nanos.ts';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import { startPapertape, type Papertape } from '../../server/index.ts';
import { scenarioSchema, type ScenarioInput } from '../../server/scenario/schema.ts';
import { eventOn } from '../helpers/alpaca-stream-events.ts';
import { eventOf, type WireElement } from '../helpers/alpaca-wire-events.ts';
import { Caller } from '../helpers/caller.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { playTranscript, type Playhouse } from '../helpers/transcript-player.ts';
import { transcriptsOf, type Transcript } from '../helpers/transcripts.ts';

/** What a session supposes of the server, where that is not the default. */
const staging: Readonly<Record<string, Partial<ScenarioInput>>> = {
  happy_path_full_ack: { endpoints: { alpaca: { ack: 'full' } } },
  // The one session that shows the documented form in JSON.
  crypto: { endpoints: { alpaca: { ack: 'full' } } },
  symbol_limit: { keys: [{ key: 'TEST_KEY', secret: 'TEST_SECRET', plan: 'basic' }] },
  insufficient_subscription: { keys: [{ key: 'TEST_KEY', secret: 'TEST_SECRET', plan: 'basic' }] },
  upgrade_rate_limited: { limits: { connectsPerMinute: 1 } },
  slow_client: {
    replay: { mode: 'single_pass', speed: 'max', backpressure: 'disconnect' },
    limits: { outbox: '64KiB' },
  },
};

/** The script shows a bar that its client never asked for; this asks, in the JSON inside a binary frame of the C# SDK. */
function askingForBars(session: Transcript): Transcript {
  const evidence = { source: 'this test', certainty: 'inferred' } as const;
  const reply = session.steps.find((step) => step.dir === 'recv' && step.hex?.includes(subscriptionHex));
  if (session.name !== 'msgpack' || reply?.dir !== 'recv' || !Array.isArray(reply.frame)) return session;
  const { hex: _bytesOfOtherState, ...rest } = reply;
  const steps = [...session.steps];
  steps.splice(
    -1,
    0,
    { dir: 'send', ...evidence, frame: { action: 'subscribe', bars: ['AAPL'] } },
    { ...rest, frame: reply.frame.map((element) => ({ ...element, bars: ['AAPL'] })) },
  );
  return { ...session, steps };
}
const subscriptionHex = Buffer.from('subscription').toString('hex');

/** Nothing says which message is answered with 412 (sheet §3), so this client says one. */
function speakingJson(session: Transcript): Transcript {
  if (session.name !== 'options_json_refused') return session;
  const evidence = { source: 'this test', certainty: 'inferred' } as const;
  const login = { action: 'auth', key: 'TEST_KEY', secret: 'TEST_SECRET' };
  return { ...session, steps: [{ dir: 'send', ...evidence, frame: login }, ...session.steps] };
}

/** The acknowledgements of the trading stream; the orders whose updates it tells come in a later version. */
function withoutOrders(session: Transcript): Transcript {
  return session.name === 'trade_updates' ? { ...session, steps: session.steps.slice(0, 4) } : session;
}

const transcripts = transcriptsOf('alpaca').map(askingForBars).map(speakingJson).map(withoutOrders);

test('the recorded sessions are all here', () => {
  expect(transcripts).toHaveLength(39);
});

test.each(transcripts.map((session) => [session.name, session] as const))(
  'Alpaca talks as recorded: %s',
  async (name, session) => {
    const clock = new ManualClock(1_782_913_440_000_000_000n);
    const events = name === 'slow_client' ? flood() : eventsOf(session);
    await using papertape = await start(clock, events, session, staging[name]);
    // The one connection that the limit allows in a minute.
    if (name === 'upgrade_rate_limited')
      await (await Caller.connect(papertape.url + session.path, clock))[Symbol.asyncDispose]();
    await expect(playTranscript(session, houseOf(papertape, clock))).resolves.toBeUndefined();
  },
);

test('a client that leaves a ping unanswered is dropped 6 s later, and one that answers is kept', async () => {
  const clock = new ManualClock(0n);
  await using papertape = await start(clock, [], undefined, {});
  await using caller = await Caller.connect(`${papertape.url}/v2/iex`, clock);
  expect(await caller.next(0n)).toMatchObject({ kind: 'message' });
  caller.socket.send('{"action":"auth","key":"TEST_KEY","secret":"TEST_SECRET"}');
  expect(await caller.next(0n)).toMatchObject({ kind: 'message' });
  const step = millis(100);
  expect(await caller.next(seconds(60), step)).toMatchObject({ kind: 'ping', at: seconds(54) });
  caller.socket.pong();
  expect(await caller.next(seconds(60), step)).toMatchObject({ kind: 'ping', at: seconds(108) });
  expect(await caller.next(seconds(60), step)).toMatchObject({ kind: 'close', code: 1006, at: seconds(114) });
});

async function start(
  clock: ManualClock,
  events: readonly MarketEvent[],
  session: Transcript | undefined,
  changes: Partial<ScenarioInput> = {},
): Promise<Papertape> {
  const scenario = scenarioSchema.parse({
    name: 'golden',
    tapes: [{ synthetic: {} }],
    replay: { mode: 'single_pass', frameWindow: session === undefined ? '1ms' : windowOf(session) },
    keys: [
      { key: 'TEST_KEY', secret: 'TEST_SECRET' },
      { key: 'oauth', secret: 'TEST_TOKEN' },
    ],
    ...changes,
  });
  const unheard: WireElement = {
    T: 't',
    S: 'UNHEARD',
    i: 1,
    x: 'V',
    p: 1,
    s: 1,
    c: [],
    z: 'C',
    t: '2026-07-01T13:00:00Z',
  };
  const first = eventOf(unheard);
  const tape = memorySource(events.length === 0 && first !== undefined ? [first] : events);
  return startPapertape({ scenario, clock, tapes: [tape], port: 0 });
}

function houseOf(papertape: Papertape, clock: ManualClock): Playhouse {
  return {
    url: papertape.url,
    clock,
    // By content: a stream that speaks MessagePack only greets a JSON client in it.
    read: (payload) =>
      [0x5b, 0x7b].includes(payload[0] ?? 0)
        ? JSON.parse(payload.toString())
        : unpack(payload, { extensionCodec: timestamps }),
    improvise: async (_step, caller) => {
      // The client does not read: the server has to end the session by itself.
      caller.socket.pause();
      for (let turn = 0; turn < 20_000 && papertape.run.status.sessions > 0; turn++) await clock.advance(millis(50));
      expect(papertape.run.status.sessions).toBe(0);
      // What had been sent before is of no interest, only the last words.
      const lastWords = await caller.readToEnd();
      for (const heard of lastWords.toReversed()) {
        if (heard.kind !== 'message' || !heard.payload.includes('"T":"q"')) caller.unhear(heard);
      }
    },
  };
}

/** MessagePack timestamps as the RFC 3339 text that the transcripts use. */
const timestamps = new ExtensionCodec();
timestamps.register({
  type: -1,
  encode: () => null,
  decode: (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const word = bytes.byteLength === 4 ? BigInt(view.getUint32(0)) : view.getBigUint64(0);
    const second = new Date(Number(word & 0x3ffffffffn) * 1000).toISOString().slice(0, 19);
    const fraction = (word >> 34n).toString().padStart(9, '0').replace(/0+$/, '');
    return fraction === '' ? `${second}Z` : `${second}.${fraction}Z`;
  },
});

/** The data frames of a session, each with the moments at which its events are sent. */
function dataFrames({ path, steps }: Transcript): readonly (readonly MarketEvent[])[] {
  let bars = 0;
  let sentAt = 0n;
  return steps.flatMap((step) => {
    if (step.dir !== 'recv' || !Array.isArray(step.frame)) return [];
    const events = step.frame.flatMap((element) => {
      const delay = typeof step.after_ms === 'number' && bars > 0 ? millis(step.after_ms) : undefined;
      const event = eventOn(path, element, delay === undefined ? undefined : sentAt + delay);
      // A bar comes after what the session shows before it, also where its own time does not say so.
      return event === undefined ? [] : [event.at < sentAt ? { ...event, at: sentAt + millis(100) } : event];
    });
    const [first] = events;
    if (first === undefined) return [];
    sentAt = first.at;
    bars++;
    return [events];
  });
}

function eventsOf(session: Transcript): readonly MarketEvent[] {
  return dataFrames(session).flat();
}

/** The frame window that puts the recorded events into the recorded frames; the real batching rule is not known (sheet §12). */
function windowOf(session: Transcript): string {
  const frames = dataFrames(session);
  const frameOf = (at: Nanos, window: Nanos): Nanos => (at + window - 1n) / window;
  for (let count = 1; count < 2000; count++) {
    const window = millis(count);
    const numbers = frames.map((events) => new Set(events.map(({ at }) => frameOf(at, window))));
    const distinct = new Set(numbers.flatMap((group) => [...group]));
    if (numbers.every(({ size }) => size === 1) && distinct.size === frames.length) return `${count}ms`;
  }
  throw new Error(`no frame window makes the frames of ${session.name}`);
}

/** More than the sockets' buffers hold. */
function flood(): readonly MarketEvent[] {
  const quote = {
    T: 'q',
    S: 'SPY',
    bx: 'V',
    bp: 611,
    bs: 100,
    ax: 'V',
    ap: 612,
    as: 100,
    c: ['R'],
    z: 'B',
    t: '2026-07-01T14:30:00Z',
  };
  const event = eventOf(quote);
  if (event === undefined) throw new Error('a quote is no control message');
  return Array.from({ length: 150_000 }, (_, index) => ({ ...event, at: event.at + BigInt(index) * 1_000_000n }));
}
