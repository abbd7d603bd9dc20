import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
  subarray,
  type Arbitrary,
} from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import type { MarketEvent } from '../../../market/event.ts';
import { seconds } from '../../../market/nanos.ts';
import type { Row } from '../../../server/ledger.ts';
import { labelOf } from '../../../server/session/session-record.ts';
import type { ScenarioInput } from '../../../server/scenario/schema.ts';
import { Crowd } from '../../helpers/crowd.ts';
import { alpaca, type Dialect, polygon, twelveData } from '../../helpers/dialects.ts';
import { book, opening, quote, trade } from '../../helpers/events.ts';
import { serve } from '../../helpers/serve.ts';

/** Three minutes: something every second, of stocks and of coins, and every book or its change in a frame with a trade. */
const length = 180;
const tape: readonly MarketEvent[] = Array.from({ length }, (_, index): readonly MarketEvent[] => {
  const at = opening + seconds(index);
  const stock = index % 8 < 4 ? 'AAPL' : 'TRP';
  const coin = { market: 'crypto', symbol: index % 8 < 4 ? 'BTC/USD' : 'ETH/USD', exchange: '1' } as const;
  const other = { market: 'crypto', symbol: coin.symbol } as const;
  const level = { price: 100 + (index % 5), size: index };
  switch (index % 4) {
    case 0:
      return [trade(at, { symbol: stock, id: String(index), price: 200 + index })];
    case 1:
      return [
        trade(at, { ...coin, id: String(index), price: 1000 + index }),
        book(at, { ...coin, reset: index % 16 === 1, bids: [level], asks: [] }),
      ];
    case 2:
      return [book(at, { ...coin, reset: false, bids: [], asks: [{ ...level, price: 200 + (index % 3) }] })];
    default:
      return [quote(at, { symbol: stock, bidPrice: index }), quote(at, { ...other, bidPrice: index })];
  }
}).flat();

type Timeline = NonNullable<ScenarioInput['timeline']>;
const faults = constantFrom<Timeline[number]['inject'][]>(
  { drop: {} },
  { mute: {} },
  { duplicate: { copies: 2, after: '7s' } },
  { late: { by: '9s', jitter: '5s' } },
  { reorder: { window: 3 } },
  { corrupt: {} },
);
const steps = array(
  record({
    inject: faults,
    at: integer({ min: 0, max: 200 }),
    lasts: integer({ min: 1, max: 90 }),
    probability: constantFrom(1, 0.5),
  }),
  { maxLength: 2 },
);
const timelineOf = (broken: Broken): Timeline =>
  broken.map(({ inject, at, lasts, probability }, index) => {
    const when = { at: `${at}s`, for: `${lasts}s`, probability };
    return { id: `step-${index}`, ...when, target: { key: 'bot' }, inject };
  });
type Broken = typeof steps extends Arbitrary<infer Drawn> ? Drawn : never;

type Act =
  | { readonly does: 'connect'; readonly who: number }
  | { readonly does: 'login'; readonly who: number }
  | { readonly does: 'leave'; readonly who: number; readonly how: 'politely' | 'without a word' }
  | { readonly does: 'subscribe' | 'unsubscribe'; readonly who: number; readonly topics: readonly string[] }
  | { readonly does: 'advance'; readonly second: number }
  | { readonly does: 'seek'; readonly second: number };
const who = integer({ min: 0, max: 2 });
function actsOf(dialect: Dialect): Arbitrary<readonly Act[]> {
  const topics = subarray([...dialect.topics], { minLength: 1, maxLength: 3 });
  const how = constantFrom('politely' as const, 'without a word' as const);
  // Most that come subscribe, so that there is something to overlap.
  const comes = record({ who, topics }).map(({ who: one, topics: what }): Act[] => [
    { does: 'connect', who: one },
    { does: 'subscribe', who: one, topics: what },
  ]);
  const others = oneof(
    record({ does: constant('connect' as const), who }),
    record({ does: constant('login' as const), who }),
    { weight: 2, arbitrary: record({ does: constant('leave' as const), who, how }) },
    {
      weight: 3,
      arbitrary: record({ does: constantFrom('subscribe' as const, 'unsubscribe' as const), who, topics }),
    },
    { weight: 4, arbitrary: record({ does: constant('advance' as const), second: integer({ min: 1, max: 25 }) }) },
    record({ does: constant('seek' as const), second: integer({ min: 0, max: length - 1 }) }),
  ).map((act: Act): Act[] => [act]);
  return array(oneof({ weight: 4, arbitrary: comes }, { weight: 11, arbitrary: others }), {
    minLength: 10,
    maxLength: 40,
  }).map((drawn) => drawn.flat());
}

/** Alpaca refuses who comes last, Polygon and Twelve Data send away who came first; Polygon's books are whole after every change. */
const vendors: readonly { readonly where: string; readonly dialect: Dialect; readonly mode?: 'refuse_newest' }[] = [
  { where: 'Alpaca', dialect: alpaca },
  { where: 'Polygon', dialect: polygon },
  { where: 'Polygon as refuse_newest', dialect: polygon, mode: 'refuse_newest' },
  { where: 'Twelve Data', dialect: twelveData },
];

test.each(vendors)(
  'however many connections of one key come and go at $where, all that one of them heard was sent, and the rest is missed',
  async ({ dialect, mode }) => {
    const terms = record({ sessions: integer({ min: 1, max: 2 }), ghost: constantFrom('0s', '20s') });
    await assert(
      asyncProperty(actsOf(dialect), steps, terms, async (did, broken, { sessions, ghost }) => {
        const clock = new ManualClock(opening);
        const quiet = { serverPing: 'off', slotRelease: ghost } as const;
        const endpoints = {
          alpaca: quiet,
          polygon: { ...quiet, connectionCap: mode === undefined ? {} : { mode } },
          twelvedata: { eventsPerMinute: 'unlimited' as const },
        };
        const scenario = { endpoints, limits: { sessions }, timeline: timelineOf(broken) };
        await using papertape = await serve(tape, { speed: 1 }, scenario, clock);
        const { run } = papertape;
        const [bot, bystander] = [new Crowd(papertape, dialect, 'bot'), new Crowd(papertape, dialect, 'bystander')];
        const owed: string[] = [];
        let counted = 0;
        const settle = async (): Promise<void> => {
          for (const one of [bot, bystander]) await one.settled();
          const rows = bystander.rows;
          for (const row of rows.slice(counted)) if (bot.isOwed(row)) owed.push(dialect.nameOfElement(row));
          counted = rows.length;
        };
        await bystander.connect(0);
        await bystander.ask(0, 'subscribe', dialect.topics);
        run.play();
        for (const act of did) {
          if (act.does === 'advance') await clock.advance(seconds(act.second));
          else if (act.does === 'seek') run.seek(opening + seconds(act.second));
          else if (act.does === 'leave') await bot.leave(act.who, act.how);
          else if ('topics' in act) await bot.ask(act.who, act.does, act.topics);
          else await bot[act.does](act.who);
          await settle();
        }
        for (let turn = 0; turn < 100 && run.status.phase !== 'ended'; turn++) {
          await clock.advance(seconds(20));
          await settle();
        }
        await clock.advance(seconds(60));
        await settle();
        for (const one of [bot, bystander]) await one.leaveAll();

        const { signal } = new AbortController();
        const accounts = await run.chronicle.ledger.accounts(signal);
        const account = accounts.find(({ client }) => client === labelOf(bot.key));
        const rows: Row[] = [];
        if (account !== undefined) for await (const row of account.rows(signal)) rows.push(row);
        expect(rows.map((row) => dialect.nameOfRow(row)).sort()).toEqual(owed.sort());
        const spelt = new Set(bystander.rows.map((row) => JSON.stringify(row)));
        // A frame in which a byte is wrong is lost as a whole, even if some of what it holds can be read.
        const good = bot.frames
          .filter((frame) => frame.every((one) => dialect.isWord(one) || spelt.has(JSON.stringify(one))))
          .flat();
        const heard = good.filter((element) => dialect.isRow(element)).map((row) => dialect.nameOfElement(row));
        const sent = rows.flatMap((row) => Array.from({ length: row.sent }, () => dialect.nameOfRow(row)));
        expect(sent.sort()).toEqual(heard.sort());
        const missed = account?.missed ?? [];
        expect(missed.reduce((sum, one) => sum + one.rows, 0)).toBe(rows.filter((row) => row.sent === 0).length);
        expect(account?.owed ?? 0).toBe(rows.length);
        const told = new Set<string>();
        for (const stretch of missed) if (await dialect.fetch(papertape, bot.key, stretch)) told.add(stretch.channel);
        const later = (await run.chronicle.ledger.accounts(signal)).find(({ client }) => client === account?.client);
        for (const { channel, rows: lost, fetched } of later?.missed ?? [])
          expect(fetched).toBe(told.has(channel) ? lost : 0);
        const whole = accounts.find(({ client }) => client === labelOf(bystander.key));
        expect(whole).toMatchObject({ missed: [], owed: bystander.rows.length });
      }),
      { numRuns: 4, endOnFailure: true },
    );
  },
  120_000,
);
