import { decode } from '@msgpack/msgpack';
import { z } from 'zod';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import type { MarketEvent } from '../../market/event.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { opening, trade } from './events.ts';
import { RawClient } from './raw-client.ts';
import { serve } from './serve.ts';

type StepInput = NonNullable<ScenarioInput['timeline']>[number];

/** How a plain socket asks for what a test plays, and how much it is told before the tape begins. */
export interface Tongue {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly say: (key: string) => readonly object[];
  /** Frames of the conversation before the first event. */
  readonly words: number;
}

const everything = { trades: ['*'], quotes: ['*'], bars: ['*'], updatedBars: ['*'], statuses: ['*'], lulds: ['*'] };
const alpacaWords = (key: string): readonly object[] => [
  { action: 'auth', key, secret: 's' },
  { action: 'subscribe', ...everything },
];

/** One socket for each spelling there is: lists of JSON, MessagePack, and one JSON object a frame. */
export const tongues = {
  alpaca: { path: '/v2/sip', say: alpacaWords, words: 3 },
  msgpack: { path: '/v2/sip', headers: { 'Content-Type': 'application/msgpack' }, say: alpacaWords, words: 3 },
  polygon: {
    path: '/stocks',
    say: (key) => [
      { action: 'auth', params: key },
      { action: 'subscribe', params: 'T.*,Q.*,AM.*,LULD.*' },
    ],
    words: 3,
  },
  twelvedata: {
    path: '/v1/quotes/price',
    say: () => [{ action: 'subscribe', params: { symbols: 'AAPL,MSFT' } }],
    words: 1,
  },
} as const satisfies Record<string, Tongue>;

/** One trade a second for half a minute, each in a frame of its own, at half past the second. */
export const trades: readonly MarketEvent[] = Array.from({ length: 30 }, (_, index) =>
  trade(opening + seconds(index), { id: String(index + 1), price: 230 + index / 100 }),
);

/** From the fifth second on, for ten: it is about the trades 6 to 15. */
const usual = { id: 'fault', at: '4500ms', for: '10s' } as const;

/** The payloads a client was sent, in order. */
export type Heard = readonly Buffer[];

export interface Struck {
  /** What the client hears without the fault. */
  readonly healthy: Heard;
  /** What it hears with it. */
  readonly struck: Heard;
  /** What another client of the same stream hears, with the fault. */
  readonly other: Heard;
}

/** Plays a tape to two plain sockets, without a fault and with one that is aimed at the first of them. */
export async function strike(
  inject: StepInput['inject'],
  step: Partial<StepInput> = {},
  events: readonly MarketEvent[] = trades,
  tongue: Tongue = tongues.alpaca,
  scenario: Partial<ScenarioInput> = {},
): Promise<Struck> {
  const target = { sessions: [1], ...step.target };
  const timeline = [{ ...usual, ...step, target, inject }];
  const [healthy] = await play(events, tongue, scenario);
  const [struck, other] = await play(events, tongue, { ...scenario, timeline });
  return { healthy, struck, other };
}

/** What two plain sockets on one stream hear of a tape. */
export async function play(
  events: readonly MarketEvent[],
  tongue: Tongue,
  { replay, ...scenario }: Partial<ScenarioInput> = {},
): Promise<readonly [Heard, Heard]> {
  const clock = new ManualClock(opening);
  // The clock runs faster than a client could answer pings.
  const endpoints = { alpaca: { serverPing: 'off' }, polygon: { serverPing: 'off' }, twelvedata: {} } as const;
  await using papertape = await serve(
    events,
    { speed: 1, atEnd: 'close', ...replay },
    { endpoints, ...scenario },
    clock,
  );
  const url = papertape.url + tongue.path;
  await using first = await converse(url, tongue, 'key-1');
  await using second = await converse(url, tongue, 'key-2');
  papertape.run.play();
  for (let turn = 0; papertape.run.status.phase !== 'ended' && turn < 1000; turn++) await clock.advance(seconds(5));
  await clock.advance(seconds(10));
  await Promise.all([first.ended(), second.ended()]);
  return [heard(first, tongue), heard(second, tongue)];
}

async function converse(url: string, tongue: Tongue, key: string): Promise<RawClient> {
  const client = await RawClient.open(`${url}?apikey=${key}`, tongue.headers);
  for (const words of tongue.say(key)) client.say(words);
  await client.heard(tongue.words);
  await client.settled();
  return client;
}

function heard({ frames }: RawClient, { words }: Tongue): Heard {
  const told = frames.filter(({ kind }) => kind === 'text' || kind === 'binary').map(({ payload }) => payload);
  return told.slice(words);
}

/** The same payloads in an order that depends on nothing but what they say. */
export const sorted = (payloads: Heard): Heard => payloads.toSorted((a, b) => a.compare(b));

const objects = z.array(z.record(z.string(), z.unknown()));

/** What payloads say, object by object, in whatever spelling. */
export function said(payloads: Heard): readonly Readonly<Record<string, unknown>>[] {
  return payloads.flatMap((payload) => {
    const [first] = payload;
    const value: unknown = first === 0x5b || first === 0x7b ? JSON.parse(payload.toString()) : decode(payload);
    return objects.parse(Array.isArray(value) ? value : [value]);
  });
}

/** The ids of the trades in them, as Alpaca and Polygon spell them. */
export function ids(payloads: Heard): readonly number[] {
  return said(payloads)
    .filter(({ T, ev }) => T === 't' || ev === 'T')
    .map(({ i }) => Number(i));
}

export const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
