import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { type BackfillReport, Backfill, backfillSettings } from '../../../client/gaps/index.ts';
import type { Answer, Ask, History } from '../../../client/feeds/feed.ts';
import { keyRingSettings } from '../../../client/key-ring-settings.ts';
import { ManualClock } from '../../../market/clock.ts';
import type { MarketEvent } from '../../../market/event.ts';
import { minute, second } from '../../../market/nanos.ts';
import { opening, trade } from '../../helpers/events.ts';

const ask: Ask = { channel: 'trade', symbols: ['AAPL'], from: opening, to: opening + minute };
const keys = [
  { id: 'first', secret: '' },
  { id: 'second', secret: '' },
];

/** Says what it was asked, and answers with what it is told: a status and a body, a hang-up, or silence. */
type Says = { readonly status?: number; readonly body?: string; readonly retryAfter?: string } | 'hang-up' | 'silence';

/** A vendor's history on a real socket that answers from a list, and a backfill that asks it, on a clock of its own. */
async function asking(answers: readonly Says[], given: object = {}) {
  const asked: string[] = [];
  const stirs = new EventTarget();
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const says = answers[asked.length] ?? { status: 200, body: 'end' };
    asked.push(`${request.headers['authorization']} ${request.url}`);
    stirs.dispatchEvent(new Event('stir'));
    if (says === 'silence') return;
    if (says === 'hang-up') return void request.socket.destroy();
    if (says.retryAfter !== undefined) response.setHeader('retry-after', says.retryAfter);
    response.writeHead(says.status ?? 200).end(says.body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}/trades` : '';
  const clock = new ManualClock(opening);
  const delivered: MarketEvent[] = [];
  const askings: number[] = [];
  let walks = 0;
  const reports: BackfillReport[] = [];
  const backfill = new Backfill({
    history: plainHistory(url),
    keys,
    clock,
    draw: () => 0,
    settings: backfillSettings.parse({ again: '0s', ...given }),
    keySettings: keyRingSettings.parse({}),
    nextAsking: () => ++walks,
    deliver: async (events, walk) => {
      delivered.push(...events);
      askings.push(walk);
    },
    report: (report) => {
      reports.push(report);
      stirs.dispatchEvent(new Event('stir'));
    },
  });
  return {
    backfill,
    clock,
    asked,
    delivered,
    askings,
    reports,
    /** Resolves when so much has been asked, or reported. */
    async until(what: 'asked' | 'reports', count: number): Promise<void> {
      while ({ asked, reports }[what].length < count) await once(stirs, 'stir');
    },
    async [Symbol.asyncDispose]() {
      await backfill[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A vendor of few words: a body is a number of trades and the name of the next page, if there is one: `2 b`. */
const plainHistory = (url: string): History => ({
  vendor: 'alpaca',
  refills: (channel) => channel,
  mostSymbols: 10,
  perMinute: 60,
  request: ({ symbols }, key) => ({ url: `${url}?of=${symbols.join()}`, headers: { authorization: key.id } }),
  read(_, request, status, __, body): Answer {
    if (status === 429) return { kind: 'refused', why: 'too-many-requests', message: 'slow down' };
    if (status === 401) return { kind: 'refused', why: 'bad-key', message: 'who?' };
    if (status === 403) return { kind: 'refused', why: 'not-entitled', message: 'not yet' };
    if (status === 400) return { kind: 'refused', why: 'bad-request', message: 'what?' };
    if (status !== 200) return { kind: 'refused', why: 'vendor-error', message: `HTTP ${status}` };
    const [count = '0', next] = body.split(' ');
    const events = Array.from({ length: Number(count) || 0 }, (___, id) => trade(opening, { id: String(id) }));
    const page = next === undefined ? undefined : { ...request, url: `${url}?page=${next}` };
    return { kind: 'page', events, next: page, unreadable: 0 };
  },
});

/** Waits for that report, lets the time pass that it says will be waited, and returns it. */
async function refusal(one: Awaited<ReturnType<typeof asking>>, count = 1): Promise<BackfillReport | undefined> {
  await one.until('reports', count);
  const last = one.reports[count - 1];
  if (last?.kind === 'refill-delayed') await one.clock.advance(last.wait);
  return last;
}

test('a gap is asked for page by page, at the pace that the vendor allows, and what comes is handed on', async () => {
  await using one = await asking([{ body: '2 b' }, { body: '3 c' }, { body: '1' }]);
  one.backfill.refill([ask]);
  for (const page of [1, 2, 3]) {
    await one.until('asked', page);
    expect(one.asked).toHaveLength(page);
    await one.clock.advance(second);
  }
  await one.until('reports', 1);
  expect(one.asked).toEqual(['first /trades?of=AAPL', 'first /trades?page=b', 'first /trades?page=c']);
  expect(one.delivered).toHaveLength(6);
  expect(one.askings).toEqual([1, 1, 1]);
  expect(one.reports).toEqual([{ kind: 'refilled', ask, events: 6, pages: 3, again: false }]);
  expect(one.backfill.waiting()).toEqual([]);
});

test('who is told to wait waits so long, and goes on with the same page', async () => {
  await using one = await asking([{ body: '2 b' }, { status: 429, retryAfter: '7' }, { body: '1' }]);
  one.backfill.refill([ask]);
  await one.until('asked', 1);
  await one.clock.advance(second);
  expect(await refusal(one)).toMatchObject({ ask, why: 'too-many-requests', message: 'slow down' });
  expect(one.clock.now() - opening).toBeGreaterThanOrEqual(8n * second);
  await one.until('reports', 2);
  expect(one.asked).toEqual(['first /trades?of=AAPL', 'first /trades?page=b', 'first /trades?page=b']);
  expect(one.delivered).toHaveLength(3);
});

test.for([
  ['an answer of the vendor’s own mishap', { status: 503 }],
  ['a connection that ends', 'hang-up'],
  ['an answer that does not come', 'silence'],
] as const)('%s is no reason to give up', async ([, says]) => {
  await using one = await asking([says, { body: '1' }], { timeout: '3s' });
  one.backfill.refill([ask]);
  await one.until('asked', 1);
  if (says === 'silence') await one.clock.advance(3n * second);
  expect(await refusal(one)).toMatchObject({ kind: 'refill-delayed', why: 'vendor-error' });
  await one.until('reports', 2);
  expect(one.reports.at(-1)).toMatchObject({ kind: 'refilled', events: 1 });
});

test('a key that is refused gives way to the next, which begins anew', async () => {
  await using one = await asking([{ body: '2 b' }, { status: 401 }, { body: '3' }]);
  one.backfill.refill([ask]);
  await one.until('asked', 1);
  await one.clock.advance(second);
  await refusal(one);
  await one.until('reports', 2);
  expect(one.asked).toEqual(['first /trades?of=AAPL', 'first /trades?page=b', 'second /trades?of=AAPL']);
  // What the first had told is told again, and must not count as more of it.
  expect(one.askings).toEqual([1, 2]);
});

test('what the plan does not show yet is asked for when it does', async () => {
  await using one = await asking([{ status: 403 }, { body: '1' }], { embargo: '15m' });
  one.backfill.refill([ask]);
  expect(await refusal(one)).toMatchObject({ why: 'not-entitled', wait: 15n * minute });
  await one.until('reports', 2);
  expect(one.delivered).toHaveLength(1);
});

test('what the vendor does not understand, and what fails too often, is given up and told, and the next gap has its turn', async () => {
  await using one = await asking([{ status: 400 }, { status: 500 }, { body: '1' }, { status: 500 }], { tries: 2 });
  const [later, last] = [
    { ...ask, symbols: ['MSFT'] },
    { ...ask, symbols: ['NVDA'] },
  ];
  one.backfill.refill([ask, later, last]);
  for (let report = 1; report <= 4; report++) {
    await one.until('reports', report);
    await one.clock.advance(2n * second);
  }
  const ends = one.reports.filter(({ kind }) => kind !== 'refill-delayed');
  expect(ends.toSorted((left, right) => left.ask.symbols.join().localeCompare(right.ask.symbols.join()))).toEqual([
    { kind: 'refill-given-up', ask, why: 'bad-request', message: 'what?' },
    { kind: 'refill-given-up', ask: later, why: 'vendor-error', message: 'HTTP 500' },
    { kind: 'refilled', ask: last, events: 1, pages: 1, again: false },
  ]);
});

test('a page that names itself as the next ends the walk', async () => {
  await using one = await asking([{ body: '1 b' }, { body: '1 b' }]);
  one.backfill.refill([ask]);
  await one.until('asked', 1);
  await one.clock.advance(second);
  await one.until('reports', 1);
  expect(one.reports).toEqual([
    { kind: 'refill-given-up', ask, why: 'vendor-error', message: 'its next page is the same again' },
  ]);
});

test('what was refilled is asked for once more, since vendors complete their history late', async () => {
  await using one = await asking([{ body: '1' }, { body: '2' }], { again: '1m' });
  one.backfill.refill([ask]);
  await one.until('reports', 1);
  await one.clock.advance(minute);
  await one.until('reports', 2);
  expect(one.reports.map((report) => report.kind === 'refilled' && [report.events, report.again])).toEqual([
    [1, false],
    [2, true],
  ]);
  expect(one.backfill.waiting()).toEqual([]);
});

test('more gaps than may wait are given up by name', async () => {
  await using one = await asking(['silence'], { mostWaiting: 1 });
  one.backfill.refill([ask, { ...ask, symbols: ['MSFT'] }]);
  expect(one.reports).toEqual([
    { kind: 'refill-given-up', ask: { ...ask, symbols: ['MSFT'] }, why: 'too-many', message: '1 gaps wait already' },
  ]);
});

test('it can be ended while an answer is awaited, and says no key in what it reports', async () => {
  const one = await asking([{ status: 401 }, 'silence']);
  one.backfill.refill([ask]);
  await refusal(one);
  await one.until('asked', 2);
  await one[Symbol.asyncDispose]();
  expect(one.clock.waiting).toBe(0);
  const said = JSON.stringify(one.reports, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  expect(said).not.toContain('first');
});
