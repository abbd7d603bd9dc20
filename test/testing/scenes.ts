import { ManualClock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { millis, seconds } from '../../market/nanos.ts';
import type { Papertape, ScenarioInput } from '../../server/index.ts';
import type { PapertapeMatchers } from '../../testing/index.ts';
import { Asker } from '../helpers/asker.ts';
import { opening, trade } from '../helpers/events.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { serve } from '../helpers/serve.ts';

const events = Array.from({ length: 30 }, (_, index) => trade(opening + seconds(index), { id: String(index + 1) }));
const columns = { symbol: 'S', at: 't', id: 'i', price: 'p' };

/** A matcher, clients that satisfy it and clients that do not, on an exchange whose clock stands still until it is moved. */
export interface Scene {
  readonly matcher: keyof PapertapeMatchers;
  readonly scenario: Partial<ScenarioInput>;
  readonly play: (stage: Stage, good: boolean) => Promise<void>;
  readonly ask: (asked: PapertapeMatchers, stage: Stage) => Promise<void>;
  /** What the message says of those who do not. */
  readonly seen: string;
}

/** An exchange that plays thirty trades of a second each, and the clients of a test. */
export class Stage implements AsyncDisposable {
  readonly papertape: Papertape;
  readonly clock: ManualClock;
  /** What the client kept. */
  rows: readonly Readonly<Record<string, unknown>>[] = [];
  readonly #clients: RawClient[] = [];

  private constructor(papertape: Papertape, clock: ManualClock) {
    this.papertape = papertape;
    this.clock = clock;
  }

  static async set(scenario: Partial<ScenarioInput>): Promise<Stage> {
    const clock = new ManualClock(opening);
    return new Stage(await serve(events, { speed: 1, timestamps: 'original' }, scenario, clock), clock);
  }

  async client(): Promise<RawClient> {
    return this.#keep(await RawClient.open(this.papertape.streamUrl('/v2/iex')));
  }

  async trades(symbols: readonly string[] = ['*']): Promise<RawClient> {
    return this.#keep(await RawClient.trades(this.papertape.streamUrl('/v2/iex'), 'bot', symbols));
  }

  async playFor(span: Nanos): Promise<void> {
    if (this.papertape.run.status.phase === 'waiting') this.papertape.run.play();
    await this.clock.advance(span);
  }

  /** A client goes, and the exchange has seen it go. */
  async goes(client: RawClient): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      this.papertape.trial.listen(({ kind }) => (kind === 'closed' ? resolve() : undefined));
    });
    await client[Symbol.asyncDispose]();
    await gone;
  }

  /** Moves the clock until it is settled. */
  async settled<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
    let isOver = false;
    const result = Promise.allSettled([promise]).then(([one]) => {
      isOver = true;
      return one;
    });
    for (let turn = 0; !isOver && turn < 1000; turn++) await this.clock.advance(millis(500));
    return await result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client[Symbol.asyncDispose]()));
    await this.papertape[Symbol.asyncDispose]();
  }

  #keep(client: RawClient): RawClient {
    this.#clients.push(client);
    return client;
  }
}

const reset: Partial<ScenarioInput> = { timeline: [{ id: 'reset', at: '2s', inject: { reset: {} } }] };
const mute = (span: string): Partial<ScenarioInput> => ({
  timeline: [{ id: 'mute', at: '2s', for: span, inject: { mute: {} } }],
});

async function resetOf(stage: Stage): Promise<void> {
  const client = await stage.trades();
  await stage.playFor(seconds(2));
  await client.ended();
}
async function returns(stage: Stage, good: boolean): Promise<void> {
  await resetOf(stage);
  if (good) await stage.trades();
}

export const scenes: readonly Scene[] = [
  {
    matcher: 'toReconnectWithin',
    scenario: reset,
    play: returns,
    ask: async (asked) => asked.toReconnectWithin('5s', { after: 'reset' }),
    seen: 'is still not logged in after 5',
  },
  {
    matcher: 'toHaveResubscribed',
    scenario: reset,
    play: async (stage, good) => {
      await resetOf(stage);
      await stage.trades(good ? ['*'] : ['AAPL']);
    },
    ask: async (asked) => asked.toHaveResubscribed(),
    seen: 'is back but without trade *',
  },
  {
    matcher: 'toHaveBackedOff',
    scenario: reset,
    play: async (stage, good) => {
      await resetOf(stage);
      if (good) await stage.clock.advance(seconds(2));
      await stage.trades();
    },
    ask: async (asked) => asked.toHaveBackedOff({ floor: 1000 }),
    seen: 'tried again after 0ms',
  },
  {
    matcher: 'toHaveHonouredRetryAfter',
    scenario: {
      timeline: [{ id: 'busy', at: '1s', times: 1, inject: { refuseUpgrade: { status: 429, retryAfter: '3s' } } }],
    },
    play: async (stage, good) => {
      await stage.playFor(seconds(1));
      await stage.client();
      await stage.clock.advance(seconds(good ? 4 : 1));
      await stage.trades();
    },
    ask: async (asked) => asked.toHaveHonouredRetryAfter(),
    seen: 'connected again after 1s, told to wait 3s',
  },
  {
    matcher: 'toHaveStayedWithinConnections',
    scenario: {},
    play: async (stage, good) => {
      await stage.trades();
      if (!good) await stage.trades();
    },
    ask: async (asked) => asked.toHaveStayedWithinConnections(1),
    seen: '2 were open at once',
  },
  {
    matcher: 'toHaveNoticedStalenessWithin',
    scenario: mute('20s'),
    play: async (stage, good) => {
      const client = await stage.trades();
      await stage.playFor(seconds(4));
      if (good) await stage.goes(client);
    },
    ask: async (asked) => asked.toHaveNoticedStalenessWithin('5s'),
    seen: 'has not noticed for 5',
  },
  {
    matcher: 'toHaveBackfilledWithin',
    scenario: mute('3s'),
    play: async (stage, good) => {
      await stage.trades();
      await stage.playFor(seconds(8));
      if (!good) return;
      const asker = new Asker(stage.papertape, { 'APCA-API-KEY-ID': 'bot', 'APCA-API-SECRET-KEY': 's' });
      await asker.get('/v2/stocks/trades', { symbols: 'AAPL', start: '2026-07-01T14:30:00Z' });
    },
    ask: async (asked) => asked.toHaveBackfilledWithin('10s'),
    seen: 'never fetched 3 rows of AAPL (trade)',
  },
  {
    matcher: 'toBeConnectedAtTheEnd',
    // A client of these tests answers no pings.
    scenario: { endpoints: { alpaca: { serverPing: 'off' } } },
    play: async (stage, good) => {
      const client = await stage.trades();
      await stage.playFor(seconds(2));
      if (!good) await stage.goes(client);
      await stage.playFor(seconds(120));
    },
    ask: async (asked) => asked.toBeConnectedAtTheEnd(),
    seen: 'was not connected when the tape ended',
  },
  {
    matcher: 'toHaveDone',
    scenario: {},
    play: async (stage, good) => {
      const client = await stage.trades();
      if (good) await client.settled();
    },
    ask: async (asked) => asked.toHaveDone('ping'),
    seen: 'never',
  },
  {
    matcher: 'toHaveNeverDone',
    scenario: {},
    play: async (stage, good) => {
      const client = await stage.trades();
      if (good) return;
      client.say({ action: 'unsubscribe', trades: ['*'] });
      await client.heard(4);
    },
    ask: async (asked) => asked.toHaveNeverDone(/"action":"unsub/),
    seen: 'did it: {"action":"unsubscribe"',
  },
  {
    matcher: 'toHaveDoneInOrder',
    scenario: {},
    play: async (stage, good) => {
      if (good) return void (await stage.trades());
      const client = await stage.client();
      client.say({ action: 'subscribe', trades: ['*'] });
      client.say({ action: 'auth', key: 'bot', secret: 's' });
      await client.heard(3);
    },
    ask: async (asked) => asked.toHaveDoneInOrder(['login', 'subscribe']),
    seen: 'subscribe came before login',
  },
  {
    matcher: 'toHaveReceivedEverything',
    scenario: {},
    play: async (stage, good) => {
      const client = await stage.trades();
      await stage.playFor(seconds(5));
      stage.papertape.run.pause();
      await client.settled();
      const rows = client.elements.filter(({ T }) => T === 't');
      stage.rows = good ? rows : rows.slice(1);
    },
    ask: async (asked, { rows }) => asked.toHaveReceivedEverything(rows, { columns }),
    seen: '1 row missing, first symbol AAPL',
  },
  {
    matcher: 'toMeet',
    scenario: reset,
    play: returns,
    ask: async (asked) => asked.toMeet({ reconnect: { within: '1s' } }, { target: { endpoint: 'alpaca' } }),
    seen: 'is still not logged in after 1',
  },
  {
    matcher: 'toHaveCoped',
    scenario: { ...reset, expect: [{ id: 'back', must: { reconnect: { within: '5s' } } }] },
    play: returns,
    ask: async (asked) => asked.toHaveCoped(),
    seen: 'back: key-',
  },
];
