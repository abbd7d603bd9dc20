import { ManualClock } from '../../market/clock.ts';
import type { MarketEvent } from '../../market/event.ts';
import { seconds } from '../../market/nanos.ts';
import type { FaultLine } from '../../server/injection/fault-log.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { opening, quote, trade } from './events.ts';
import { RawClient } from './raw-client.ts';
import { serve } from './serve.ts';

export type Replay = NonNullable<ScenarioInput['replay']>;
export type Steps = Pick<ScenarioInput, 'timeline' | 'rules' | 'seed'>;

interface Talker {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly say: (key: string) => readonly object[];
  /** Frames of the conversation before the first event. */
  readonly words: number;
}

const alpaca =
  (wishes: object) =>
  (key: string): readonly object[] => [
    { action: 'auth', key, secret: 's' },
    { action: 'subscribe', ...wishes },
  ];

/** One for each spelling there is, and more than one of a kind. Session 1 is the first. */
const talkers: readonly Talker[] = [
  { path: '/v2/sip', say: alpaca({ trades: ['*'], quotes: ['*'], bars: ['*'], statuses: ['*'] }), words: 3 },
  { path: '/v2/sip', say: alpaca({ trades: ['*'], quotes: ['*'], bars: ['*'], statuses: ['*'] }), words: 3 },
  { path: '/v2/iex', say: alpaca({ trades: ['AAPL', 'MSFT'], updatedBars: ['*'] }), words: 3 },
  {
    path: '/v2/sip',
    headers: { 'Content-Type': 'application/msgpack' },
    say: alpaca({ trades: ['*'], quotes: ['TSLA'] }),
    words: 3,
  },
  {
    path: '/v2/iex',
    headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' },
    say: alpaca({ trades: ['*'] }),
    words: 3,
  },
  {
    path: '/stocks',
    say: (key) => [
      { action: 'auth', params: key },
      { action: 'subscribe', params: 'T.*,Q.*,AM.*' },
    ],
    words: 3,
  },
  {
    path: '/v1/quotes/price',
    say: () => [{ action: 'subscribe', params: { symbols: 'AAPL,MSFT,TSLA' } }],
    words: 1,
  },
];

/** Half a minute of three symbols: bursts that share a frame, ties, and a silence in the middle. */
export function tape(): MarketEvent[] {
  let at = opening;
  return Array.from({ length: 540 }, (_, index) => {
    at += [0n, 1n, 999n, 400_000n, 3_000_017n, 390_000_000n][(index * 7919) % 11] ?? 0n;
    if (index === 270) at += seconds(20);
    const symbol = ['AAPL', 'MSFT', 'TSLA'][(index >> 2) % 3] ?? '';
    return index % 3 === 0
      ? quote(at, { symbol, bidPrice: 100 + index / 100, askPrice: 101 + index / 100 })
      : trade(at, { symbol, id: String(index + 1), price: 100 + (index % 97) / 100 });
  });
}

export interface Recording {
  /** Every byte that each session received after its upgrade, in the order of their numbers. */
  readonly received: readonly Buffer[];
  /** Those of the tape; its time goes on when it is over. */
  readonly faults: readonly FaultLine[];
}

/** Plays the tape to seven clients of three exchanges, who say all they say before it begins. */
export async function record(steps: Steps, replay: Replay, events = tape()): Promise<Recording> {
  const clock = new ManualClock(opening);
  // The clock runs faster than a client could answer pings.
  const endpoints = { alpaca: { serverPing: 'off' }, polygon: { serverPing: 'off' }, twelvedata: {} } as const;
  await using papertape = await serve(events, { atEnd: 'close', ...replay }, { endpoints, ...steps }, clock);
  const clients: RawClient[] = [];
  for (const [index, { path, headers, say, words }] of talkers.entries()) {
    const client = await RawClient.open(`${papertape.url}${path}?apikey=key-${index}`, headers);
    clients.push(client);
    for (const message of say(`key-${index}`)) client.say(message);
    await client.heard(words);
  }
  papertape.run.play();
  for (let turn = 0; papertape.run.status.phase !== 'ended' && turn < 10_000; turn++) await clock.advance(seconds(20));
  for (const client of clients) await client.ended();
  const { faults, journal } = papertape.run.chronicle;
  const { elapsed: end = 0n } = journal.entries.find((entry) => entry.kind === 'deck' && entry.phase === 'ended') ?? {};
  return {
    received: clients.map(({ received }) => received),
    faults: faults.lines.filter(({ tape: at }) => at <= end),
  };
}
