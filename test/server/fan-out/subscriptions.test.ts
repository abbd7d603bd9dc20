import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { millis, seconds } from '../../../market/nanos.ts';
import type { MarketEvent, Nanos } from '../../../market/event.ts';
import { bar, opening, quote, status, trade } from '../../helpers/events.ts';
import { Listener, type Element } from '../../helpers/listener.ts';
import { serve } from '../../helpers/serve.ts';

const symbols = ['AAPL', 'MSFT', 'TSLA', 'BRK.B'];
const channels = { trades: 't', quotes: 'q', bars: 'b', statuses: 's' } as const;
type Wishes = Partial<Record<keyof typeof channels, string[]>>;

/** An event every 10 ms for 12 s, of every symbol and kind in turn, some of the same instant. */
const events = Array.from({ length: 1200 }, (_, index): MarketEvent => {
  const at = opening + millis(10 * (index - (index % 3 === 2 ? 1 : 0)));
  const symbol = symbols[(index * 7) % 4] ?? '';
  const make = [trade, quote, status, (when: Nanos, given: object) => bar('bar', when - seconds(61), when, given)];
  return make[(index >> 2) % 4]?.(at, { symbol }) ?? trade(at);
});

const wishes = fc
  .record(
    Object.fromEntries(
      Object.keys(channels).map((channel) => [
        channel,
        fc.array(fc.constantFrom(...symbols, '*', 'NONE'), { minLength: 1, maxLength: 4 }),
      ]),
    ),
    { requiredKeys: [] },
  )
  .filter((wish): wish is Wishes => Object.keys(wish).length > 0);

interface Turn {
  readonly action: 'subscribe' | 'unsubscribe';
  readonly wishes: Wishes;
  /** Tape time that passes afterwards. */
  readonly pause: Nanos;
}
const turns = fc.array(
  fc.record({
    action: fc.constantFrom('subscribe', 'subscribe', 'unsubscribe'),
    wishes,
    pause: fc.integer({ min: 0, max: 100 }).map((steps) => millis(10 * steps)),
  }),
  { minLength: 1, maxLength: 10 },
);

test('whatever clients subscribe and unsubscribe while the tape plays, each hears exactly what it holds', async () => {
  let heard = 0;
  await fc.assert(
    fc.asyncProperty(turns, turns, turns, fc.constantFrom(1, 3, 1000), async (first, second, third, speed) => {
      const clock = new ManualClock(opening);
      await using papertape = await serve(events, { speed }, {}, clock);
      const options = [{}, { msgpack: true }, { deflate: true }];
      const clients = await Promise.all(
        [first, second, third].map(async (plan, index) => {
          const listener = await Listener.connect(`${papertape.url}/v2/sip`, options[index]);
          await listener.ask({ action: 'auth', key: `key-${index}`, secret: 's' }, 2);
          return { plan, listener, held: new Set<string>(), expected: [] as string[] };
        }),
      );
      papertape.run.play();
      await clock.advance(0n);
      let needle = 1;
      for (let round = 0; round < 10; round++) {
        for (const { plan, listener, held } of clients) {
          const turn = plan[round];
          if (turn === undefined) continue;
          const reply = await listener.ask({ action: turn.action, ...turn.wishes });
          change(held, turn);
          expect(reply?.['T']).toBe('subscription');
          expect(held).toEqual(new Set(holdings(reply ?? {})));
        }
        await clock.advance((clients[0]?.plan[round]?.pause ?? millis(30)) / BigInt(speed));
        const from = needle;
        const reached = papertape.run.status.position ?? 0n;
        while ((events[needle]?.at ?? reached + 1n) <= reached) needle++;
        for (const { held, expected } of clients)
          expected.push(...events.slice(from, needle).filter(wanted(held)).map(nameOf));
      }
      for (const { listener, expected } of clients) {
        await listener.settled();
        expect(listener.events.map(nameOnWire)).toEqual(expected);
        heard += expected.length;
        await listener[Symbol.asyncDispose]();
      }
    }),
    { numRuns: 40 },
  );
  expect(heard).toBeGreaterThan(1000);
});

test('a refused request changes nothing of what is held', async () => {
  const clock = new ManualClock(opening);
  const keys = [{ key: 'k', symbols: 2 }];
  await using papertape = await serve(events, {}, { keys }, clock);
  await using listener = await Listener.connect(`${papertape.url}/v2/sip`);
  await listener.ask({ action: 'auth', key: 'k', secret: 's' }, 2);
  await listener.ask({ action: 'subscribe', trades: ['AAPL'], quotes: ['MSFT'] });
  expect(await listener.ask({ action: 'subscribe', trades: ['TSLA'] })).toMatchObject({ code: 405 });
  expect(await listener.ask({ action: 'subscribe', trades: ['*'] })).toMatchObject({ code: 405 });
  expect(await listener.ask({ action: 'unsubscribe', trades: ['MSFT'] })).toMatchObject({
    trades: ['AAPL'],
    quotes: ['MSFT'],
  });
  papertape.run.play();
  await clock.advance(seconds(3));
  await listener.settled();
  expect(new Set(listener.events.map(({ T, S }) => `${String(T)} ${String(S)}`))).toEqual(
    new Set(['t AAPL', 'q MSFT']),
  );
});

function change(held: Set<string>, { action, wishes: wish }: Turn): void {
  for (const [channel, named] of Object.entries(wish)) {
    for (const symbol of named) {
      if (action === 'subscribe') held.add(`${channel} ${symbol}`);
      else held.delete(`${channel} ${symbol}`);
    }
  }
}

/** What a reply says is held; corrections and cancel errors come with trades and are not asked for. */
function holdings(reply: Element): string[] {
  return Object.keys(channels).flatMap((channel) => {
    const named = reply[channel];
    return Array.isArray(named) ? named.map((symbol) => `${channel} ${symbol}`) : [];
  });
}

const channelOf: Readonly<Record<string, string>> = {
  trade: 'trades',
  quote: 'quotes',
  bar: 'bars',
  status: 'statuses',
};

function wanted(held: ReadonlySet<string>): (event: MarketEvent) => boolean {
  return ({ kind, symbol }) => held.has(`${channelOf[kind]} ${symbol}`) || held.has(`${channelOf[kind]} *`);
}

function nameOf(event: MarketEvent): string {
  const letter = Object.entries(channels).find(([channel]) => channel === channelOf[event.kind])?.[1] ?? '';
  return `${letter} ${event.symbol} ${(event.kind === 'bar' ? event.start : event.at) / 1_000_000n}`;
}

function nameOnWire({ T, S, t }: Element): string {
  return `${String(T)} ${String(S)} ${Date.parse(String(t))}`;
}
