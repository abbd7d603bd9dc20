import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { millis, seconds } from '../../market/nanos.ts';
import type { MarketEvent } from '../../market/event.ts';
import { startPapertape, type Papertape } from '../../server/index.ts';
import { scenarioSchema, type ScenarioInput } from '../../server/scenario/schema.ts';
import { Caller } from '../helpers/caller.ts';
import { opening, trade } from '../helpers/events.ts';
import { windowOf } from '../helpers/frame-window.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { eventOn, type WireElement } from '../helpers/polygon-wire-events.ts';
import { playTranscript, type Playhouse } from '../helpers/transcript-player.ts';
import { transcriptsOf, type Step, type Transcript } from '../helpers/transcripts.ts';

/** What a session supposes of the server, where that is not the default. */
const staging: Readonly<Record<string, Partial<ScenarioInput>>> = {
  // A plan without NOI.
  not_authorized_channel_mixed: { keys: [{ key: 'TEST_KEY', plan: 'advanced' }] },
  ping_pong: { endpoints: { polygon: { serverPing: { every: '5s', patience: '4s' } } } },
  slow_consumer: {
    replay: { mode: 'single_pass', speed: 'max', backpressure: 'disconnect' },
    limits: { outbox: '64KiB' },
  },
};

const evidence = { source: 'this test', certainty: 'inferred' } as const;
/** Here the test does what the script only tells. */
const cue: Step = { dir: 'wait', ms: null, ...evidence };
const pong: Step = { dir: 'send', control: 'pong', ...evidence };

/** What the test has to do itself, where the script tells it in words or not at all. */
function directed(session: Transcript): Transcript {
  const { name, steps } = session;
  const isGreeting = (step: Step): boolean => step.dir === 'recv' && elementsOf(step)[0]?.['status'] === 'connected';
  switch (name) {
    case 'connection_limit_evict_oldest':
    case 'slow_consumer':
      return { ...session, steps: steps.map((step) => (step.dir === 'wait' ? cue : step)) };
    case 'force_disconnect':
      return { ...session, steps: steps.toSpliced(-2, 0, cue) };
    case 'normal_close_trap':
      return { ...session, steps: steps.toSpliced(-1, 0, cue) };
    case 'auth_timeout':
      return { ...session, steps: steps.map((step) => (step.dir === 'wait' ? { ...step, tolerance_ms: 100 } : step)) };
    case 'ping_pong': {
      // Pings come when their time has come, before the greeting by chance only; every client answers them.
      const greeting = steps.filter(isGreeting);
      const [first, ...rest] = steps.filter((step) => !isGreeting(step));
      const [login, second, reply, ...end] = rest;
      const inOrder = [first, pong, login, reply, second, pong].filter((step) => step !== undefined);
      return { ...session, steps: [...greeting, ...inOrder, ...end] };
    }
    default:
      return session;
  }
}

/** A minute's bar comes when the minute is over, which no script tells. */
function patient(session: Transcript): Transcript {
  const steps = session.steps.map((step) =>
    step.dir === 'recv' && elementsOf(step).some(({ s, e }) => s !== undefined && e !== undefined)
      ? { ...step, within_ms: 70_000 }
      : step,
  );
  return { ...session, steps };
}

/** Sizes and volumes of stocks come once more as text since February 2026; most scripts are older. */
function withDecimals(session: Transcript): Transcript {
  if (session.path !== '/stocks') return session;
  const text = (value: unknown): string => `${String(value)}.0`;
  const decimals = ({ ev, s, v, av }: WireElement): WireElement =>
    ev === 'T' ? { ds: text(s) } : ev === 'AM' ? { dv: text(v), dav: text(av) } : {};
  return mapElements(session, (element) => ({ ...element, ...decimals(element) }));
}

function withoutDecimals(session: Transcript): Transcript {
  return mapElements(session, ({ ds: _size, ...element }) => element);
}

function mapElements(session: Transcript, change: (element: WireElement) => WireElement): Transcript {
  const steps = session.steps.map((step) =>
    step.dir === 'recv' && Array.isArray(step.frame) ? { ...step, frame: step.frame.map(change) } : step,
  );
  return { ...session, steps };
}

const newcomers: Caller[] = [];
afterEach(async () => {
  for (const newcomer of newcomers.splice(0)) await newcomer[Symbol.asyncDispose]();
});

const transcripts = transcriptsOf('polygon').map(directed).map(patient);

test('the recorded sessions are all here', () => {
  expect(transcripts).toHaveLength(22);
});

test.each(transcripts.map((session) => [session.name, session] as const))(
  'Polygon talks as recorded: %s',
  async (name, session) => {
    await expect(play(withDecimals(session), staging[name])).resolves.toBeUndefined();
  },
);

test('without decimal sizes Polygon talks as before February 2026', async () => {
  const sessions = transcripts.filter(({ name }) => name === 'happy_path_stocks_batched_ack');
  expect(sessions).toHaveLength(1);
  for (const session of sessions) {
    await play(withoutDecimals(session), { endpoints: { polygon: { decimalSizes: 'never', serverPing: 'off' } } });
  }
});

async function play(session: Transcript, changes: Partial<ScenarioInput> = {}): Promise<void> {
  const clock = new ManualClock(1_789_574_220_000_000_000n);
  await using papertape = await start(clock, session, changes);
  await playTranscript(session, houseOf(papertape, clock, session));
}

async function start(clock: ManualClock, session: Transcript, changes: Partial<ScenarioInput>): Promise<Papertape> {
  const frames = dataFrames(session);
  const scenario = scenarioSchema.parse({
    name: 'golden',
    tapes: [{ synthetic: {} }],
    replay: { mode: 'single_pass', frameWindow: windowOf(frames) },
    keys: [{ key: 'TEST_KEY' }],
    // Scripts show no pings but where they are about them.
    endpoints: { polygon: { serverPing: 'off' } },
    ...changes,
  });
  const events = session.name === 'slow_consumer' ? flood() : frames.flat();
  // The tape starts with the first subscription, but what is heard comes only when the script has got that far.
  const unheard = trade((events[0]?.at ?? opening) - seconds(1), { market: 'perps', symbol: 'UNHEARD' });
  return startPapertape({ scenario, clock, tapes: [memorySource([unheard, ...events])], port: 0 });
}

function houseOf(papertape: Papertape, clock: ManualClock, session: Transcript): Playhouse {
  const acts: Readonly<Record<string, (caller: Caller) => Promise<void>>> = {
    connection_limit_evict_oldest: async () => {
      const newcomer = await Caller.connect(papertape.url + session.path, clock);
      newcomers.push(newcomer);
      newcomer.socket.send('{"action":"auth","params":"TEST_KEY"}');
      await newcomer.settle();
    },
    force_disconnect: async () => {
      for (const one of [...papertape.run.sessions]) {
        one.refuse('dismissed');
        one.end();
      }
    },
    normal_close_trap: async () => {
      for (const one of [...papertape.run.sessions]) one.end(1000);
    },
    slow_consumer: async (caller) => {
      caller.socket.pause();
      for (let turn = 0; turn < 20_000 && papertape.run.status.sessions > 0; turn++) await clock.advance(millis(50));
      expect(papertape.run.status.sessions).toBe(0);
      // What had been sent before is of no interest, only the last words.
      for (const heard of (await caller.readToEnd()).toReversed()) {
        if (heard.kind !== 'message' || !heard.payload.includes('"ev":"T"')) caller.unhear(heard);
      }
    },
  };
  return {
    url: papertape.url,
    clock,
    typeKey: 'ev',
    read: (payload) => JSON.parse(payload.toString()),
    improvise: async (_step, caller) => acts[session.name]?.(caller),
  };
}

function elementsOf(step: Step): readonly WireElement[] {
  return step.dir === 'recv' && Array.isArray(step.frame) ? step.frame : [];
}

/** The data frames of a session. */
function dataFrames({ path, steps }: Transcript): readonly (readonly MarketEvent[])[] {
  return steps
    .map((step) => elementsOf(step).flatMap((element) => eventOn(path, element) ?? []))
    .filter((events) => events.length > 0);
}

/** More than the sockets' buffers hold. */
function flood(): readonly MarketEvent[] {
  return Array.from({ length: 150_000 }, (_, index) => trade(opening + BigInt(index) * 1_000_000n));
}
