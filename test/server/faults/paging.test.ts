import { expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../../market/clock.ts';
import { seconds } from '../../../market/nanos.ts';
import type { Papertape } from '../../../server/index.ts';
import { Asker, httpOf, playToEnd } from '../../helpers/asker.ts';
import { opening, trade } from '../../helpers/events.ts';
import { serve } from '../../helpers/serve.ts';

const trades = Array.from({ length: 5 }, (_, index) => trade(opening + seconds(index), { id: String(index + 1) }));

async function faulted(how: 'repeat' | 'loop' | 'end-early' | 'bad-cursor', step: object = {}): Promise<Papertape> {
  const clock = new ManualClock(opening);
  const rules = [{ id: 'astray', for: 'run', inject: { breakPaging: { how } }, ...step }];
  const papertape = await serve(trades, { timestamps: 'original' }, { rules }, clock);
  await playToEnd(papertape, clock);
  return papertape;
}

/** A page: its rows, and where it says that the next one is. */
interface Page {
  readonly status: number;
  readonly ids: readonly number[];
  readonly next: string | null | undefined;
}
type Turn = (next: string | undefined) => Promise<Page>;

const alpacaBody = z.object({
  trades: z.object({ AAPL: z.array(z.object({ i: z.number() })) }).optional(),
  next_page_token: z.string().nullish(),
});
const polygonBody = z.object({
  results: z.array(z.object({ id: z.string() })).optional(),
  next_url: z.string().optional(),
});

/** How a client of each exchange asks for two rows at a time. */
const clients: Record<string, (papertape: Papertape) => Turn> = {
  alpaca(papertape) {
    const asker = new Asker(papertape);
    return async (next) => {
      const range = { start: '2026-07-01T14:30:00Z', end: '2026-07-01T15:00:00Z' };
      const { status, body } = await asker.ask('/v2/stocks/trades', {
        ...range,
        symbols: 'AAPL',
        limit: 2,
        page_token: next,
      });
      const page = alpacaBody.parse(body);
      return { status, ids: (page.trades?.AAPL ?? []).map(({ i }) => i), next: page.next_page_token };
    };
  },
  polygon(papertape) {
    const asker = new Asker(papertape, { Authorization: 'Bearer key' });
    return async (next) => {
      const first = '/v3/trades/AAPL?limit=2&order=asc';
      const { status, body } = await asker.ask(next?.slice(httpOf(papertape).length) ?? first);
      const page = polygonBody.parse(body);
      return { status, ids: (page.results ?? []).map(({ id }) => Number(id)), next: page.next_url };
    };
  },
};

/** Turns pages until there are no more, or so many. */
async function walk(turn: Turn, most = 8): Promise<Page[]> {
  const pages: Page[] = [];
  for (let next: string | null | undefined; pages.length < most;) {
    const page = await turn(next ?? undefined);
    pages.push(page);
    next = page.next;
    if (next === undefined || next === null) break;
  }
  return pages;
}
const idsOf = (pages: readonly Page[]): (readonly number[])[] => pages.map(({ ids }) => ids);

for (const [exchange, client] of Object.entries(clients)) {
  test(`${exchange}: repeat tells every page but the last twice, and comes to an end`, async () => {
    await using papertape = await faulted('repeat');
    expect(idsOf(await walk(client(papertape)))).toEqual([[1, 2], [1, 2], [3, 4], [3, 4], [5]]);
  });

  test(`${exchange}: repeat once is one page twice, and the links that were given stay good`, async () => {
    await using papertape = await faulted('repeat', { times: 1 });
    expect(idsOf(await walk(client(papertape)))).toEqual([[1, 2], [1, 2], [3, 4], [5]]);
  });

  test(`${exchange}: loop never comes to an end`, async () => {
    await using papertape = await faulted('loop');
    expect(idsOf(await walk(client(papertape)))).toEqual(Array.from({ length: 8 }, () => [1, 2]));
  });

  test(`${exchange}: end-early says of the first page that it is the last, as this exchange says it`, async () => {
    await using papertape = await faulted('end-early');
    const pages = await walk(client(papertape));
    expect(idsOf(pages)).toEqual([[1, 2]]);
    expect(pages[0]?.next).toBe(exchange === 'alpaca' ? null : undefined);
  });

  test(`${exchange}: bad-cursor is refused in its own words`, async () => {
    await using papertape = await faulted('bad-cursor');
    const pages = await walk(client(papertape));
    expect(idsOf(pages)).toEqual([[1, 2], []]);
    expect(pages[1]?.status).toBe(400);
  });
}

test('an answer that is one page is left alone, and does not use up what is counted', async () => {
  await using papertape = await faulted('end-early', { times: 1 });
  const asker = new Asker(papertape);
  const range = { start: '2026-07-01T14:30:00Z', end: '2026-07-01T15:00:00Z', symbols: 'AAPL' };
  expect(await asker.get('/v2/stocks/trades', range)).toMatchObject({ next_page_token: null });
  expect(await asker.get('/v2/stocks/trades', { ...range, limit: 2 })).toMatchObject({ next_page_token: null });
  const { next_page_token: next } = await asker.get('/v2/stocks/trades', { ...range, limit: 2 });
  expect(next).not.toBeNull();
});

test('where an exchange has no pages nothing goes wrong', async () => {
  await using papertape = await faulted('loop');
  const body = await new Asker(papertape, {}).get('/price', { symbol: 'AAPL', apikey: 'key' });
  expect(body).toHaveProperty('price');
});
