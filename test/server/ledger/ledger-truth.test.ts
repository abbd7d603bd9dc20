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
import type { Papertape } from '../../../server/index.ts';
import type { Account, Missed, Row } from '../../../server/ledger.ts';
import { labelOf } from '../../../server/session/session-record.ts';
import type { ScenarioInput } from '../../../server/scenario/schema.ts';
import { Asker } from '../../helpers/asker.ts';
import { Comer, iso, nameOfElement, nameOfRow, type Wishes, wires } from '../../helpers/comer.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { serve } from '../../helpers/serve.ts';

const symbols = ['AAPL', 'MSFT', 'TSLA'] as const;
/** Four minutes: a trade or a quote every second, each in a frame of its own. */
const length = 240;
const tape: readonly MarketEvent[] = Array.from({ length }, (_, index) => {
  const symbol = symbols[index % 3] ?? 'AAPL';
  const at = opening + seconds(index);
  return index % 4 === 3 ? quote(at, { symbol, bidPrice: index }) : trade(at, { symbol, id: String(index) });
});

const wishes: Arbitrary<Wishes> = record(
  Object.fromEntries(wires.map((name) => [name, oneof(subarray([...symbols], { minLength: 1 }), constant(['*']))])),
  { requiredKeys: [] },
).filter((asked) => Object.keys(asked).length > 0);

type Act =
  | { readonly does: 'connect' | 'disconnect'; readonly who: number }
  | { readonly does: 'subscribe' | 'unsubscribe'; readonly who: number; readonly what: Wishes }
  | { readonly does: 'advance' | 'seek'; readonly second: number };
const who = integer({ min: 0, max: 1 });
const acts = array(
  oneof(
    record({ does: constantFrom('connect' as const, 'disconnect' as const), who }),
    {
      weight: 2,
      arbitrary: record({ does: constantFrom('subscribe' as const, 'unsubscribe' as const), who, what: wishes }),
    },
    { weight: 3, arbitrary: record({ does: constant('advance' as const), second: integer({ min: 1, max: 60 }) }) },
    record({ does: constant('seek' as const), second: integer({ min: 0, max: length - 1 }) }),
  ),
  { minLength: 5, maxLength: 16 },
);

const faults = constantFrom<Timeline[number]['inject'][]>(
  { drop: {} },
  { mute: {} },
  { duplicate: {} },
  { duplicate: { copies: 2, after: '7s' } },
  { late: { by: '9s' } },
  { late: { by: '1s', jitter: '20s' } },
  { reorder: { window: 5 } },
  { corrupt: {} },
  { close: {} },
);
type Timeline = NonNullable<ScenarioInput['timeline']>;
const second = integer({ min: 0, max: 400 });
const steps = array(
  record({ inject: faults, at: second, lasts: integer({ min: 1, max: 120 }), probability: constantFrom(1, 0.5), who }),
  { maxLength: 4 },
);
type Broken = typeof steps extends Arbitrary<infer T> ? T : never;

const stamps = constantFrom('original' as const, 'shifted' as const);

const keyOf = (client: number): string => `key-${client}`;
const endpoints = { alpaca: { serverPing: 'off' } } as const;
const signal = new AbortController().signal;

function timelineOf(broken: Broken): Timeline {
  return broken.map(({ inject, at, lasts, probability, who: whose }, index) => {
    const span = 'close' in inject ? {} : { for: `${lasts}s` };
    return { id: `step-${index}`, at: `${at}s`, ...span, probability, target: { key: keyOf(whose) }, inject };
  });
}

async function rowsOf(account: Account | undefined): Promise<Row[]> {
  const rows: Row[] = [];
  if (account !== undefined) for await (const row of account.rows(signal)) rows.push(row);
  return rows;
}

/** Asks over HTTP for what was missed, stretch by stretch. */
async function fetchAll(papertape: Papertape, key: string, missed: readonly Missed[]): Promise<void> {
  const asker = new Asker(papertape, { 'APCA-API-KEY-ID': key, 'APCA-API-SECRET-KEY': 's' });
  for (const { symbol, channel, from, to } of missed) {
    const span = { start: iso(from), end: iso(to), symbols: symbol };
    if (channel === 'bar') await asker.rows('/v2/stocks/bars', { ...span, timeframe: '1Min' }, 'bars');
    else await asker.rows(`/v2/stocks/${channel}s`, span, `${channel}s`);
  }
}

/** A run whose clients come and go, with all that they were owed: what they held whenever somebody else heard it. */
async function trial(
  papertape: Papertape,
  clock: ManualClock,
  did: readonly Act[],
): Promise<{ readonly clients: readonly Comer[]; readonly owed: readonly string[][]; readonly bystander: Comer }> {
  const { run } = papertape;
  const clients = [new Comer(papertape, keyOf(0)), new Comer(papertape, keyOf(1))];
  const bystander = new Comer(papertape, 'bystander');
  await bystander.connect();
  await bystander.ask('subscribe', Object.fromEntries(wires.map((name) => [name, ['*']])));
  const owed = clients.map((): string[] => []);
  let counted = bystander.heard.length;
  const settle = async (): Promise<void> => {
    for (const one of [...clients, bystander]) await one.settled();
    for (const element of bystander.heard.slice(counted)) {
      for (const [index, client] of clients.entries())
        if (client.holds(element)) owed[index]?.push(nameOfElement(element));
    }
    counted = bystander.heard.length;
  };
  const play = async (span: number): Promise<void> => {
    for (let left = span; left > 0; left -= 20) await clock.advance(seconds(Math.min(left, 20)));
    await settle();
  };
  run.play();
  for (const act of did) {
    if (act.does === 'advance') await play(act.second);
    else if (act.does === 'seek') run.seek(opening + seconds(act.second));
    else if (act.does === 'connect' || act.does === 'disconnect') await clients[act.who]?.[act.does]();
    else if ('what' in act) await clients[act.who]?.ask(act.does, act.what);
    await settle();
  }
  for (let turn = 0; turn < 100 && run.status.phase !== 'ended'; turn++) await play(20);
  await play(60);
  for (const one of [...clients, bystander]) await one.disconnect();
  return { clients, owed, bystander };
}

const begin = record({ first: wishes, second: wishes }).map(({ first, second: other }): Act[] =>
  [first, other].flatMap((what, client): Act[] => [
    { does: 'connect', who: client },
    { does: 'subscribe', who: client, what },
  ]),
);

test('whatever happens, what a client heard is what the ledger says was sent, and the rest of what it was owed is missed until fetched', async () => {
  await assert(
    asyncProperty(begin, acts, steps, stamps, async (first, did, broken, timestamps) => {
      const clock = new ManualClock(opening + seconds(7_777_777));
      const replay: NonNullable<ScenarioInput['replay']> = { speed: 1, timestamps };
      await using papertape = await serve(tape, replay, { endpoints, timeline: timelineOf(broken) }, clock);
      const { clients, owed, bystander } = await trial(papertape, clock, [...first, ...did]);
      const spelt = new Set(bystander.heard.map((element) => JSON.stringify(element)));
      const { ledger } = papertape.run.chronicle;
      const accounts = await ledger.accounts(signal);
      for (const [index, client] of clients.entries()) {
        const account = accounts.find(({ client: label }) => label === labelOf(client.key));
        const rows = await rowsOf(account);
        expect(rows.map(nameOfRow).sort()).toEqual(owed[index]?.toSorted());
        const sent = rows.flatMap((row) => Array.from({ length: row.sent }, () => nameOfRow(row)));
        // A frame in which a byte is wrong is lost as a whole, even if some of what it holds can be read.
        const good = client.frames.filter((frame) =>
          frame.every((one) => isControl(one) || spelt.has(JSON.stringify(one))),
        );
        const heard = good.flat().filter(isData);
        expect(sent.sort()).toEqual(heard.map(nameOfElement).sort());
        if (account === undefined) continue;
        const lost = rows.filter((row) => row.sent === 0).length;
        expect([account.owed, sumOf(account.missed, 'rows')]).toEqual([rows.length, lost]);
        expect(sumOf(account.missed, 'fetched')).toBe(0);
        await fetchAll(papertape, client.key, account.missed);
        const later = (await ledger.accounts(signal)).find(({ client: label }) => label === account.client);
        expect(sumOf(later?.missed ?? [], 'fetched')).toBe(lost);
        expect((await rowsOf(later)).filter((row) => row.sent === 0 && !row.fetched)).toEqual([]);
      }
      const whole = accounts.find(({ client: label }) => label === labelOf(bystander.key));
      expect(whole).toMatchObject({ missed: [], owed: bystander.heard.filter(isData).length });
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);

const sumOf = (missed: readonly Missed[], what: 'rows' | 'fetched'): number =>
  missed.reduce((sum, one) => sum + one[what], 0);
const isControl = ({ T }: Readonly<Record<string, unknown>>): boolean =>
  ['success', 'subscription', 'error'].includes(String(T));
const isData = ({ T }: Readonly<Record<string, unknown>>): boolean => ['t', 'q', 'b', 'u'].includes(String(T));
