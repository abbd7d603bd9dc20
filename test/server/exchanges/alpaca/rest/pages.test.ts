import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../../../market/clock.ts';
import type { MarketEvent, Nanos } from '../../../../../market/event.ts';
import { minute, seconds } from '../../../../../market/nanos.ts';
import { Asker, playToEnd } from '../../../../helpers/asker.ts';
import { opening, quote, trade } from '../../../../helpers/events.ts';
import { Listener } from '../../../../helpers/listener.ts';
import { serve } from '../../../../helpers/serve.ts';

/** Minutes of trading in three symbols, with many events at one instant. */
const tapes = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom('AAPL', 'MSFT', 'BRK.B'),
      fc.constantFrom('trade', 'quote'),
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((steps) => {
    let at = opening;
    return steps.map(([wait, symbol, kind], index): MarketEvent => {
      at += BigInt(wait) * 7_000_000_001n;
      return kind === 'trade' ? trade(at, { symbol, id: String(index) }) : quote(at, { symbol, bidSize: index });
    });
  });

test('a walk over all pages tells each row that was streamed once, in order, and nothing of the future', async () => {
  await fc.assert(
    fc.asyncProperty(
      tapes,
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('asc', 'desc'),
      fc.constantFrom('trade', 'quote'),
      fc.integer({ min: 0, max: 900 }),
      fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 600 })),
      fc.constantFrom('original', 'shifted'),
      async (events, limit, sort, kind, elapsed, [begin, length], timestamps) => {
        const clock = new ManualClock(opening + 86_400_000_000_000n + 123n);
        await using papertape = await serve(
          events,
          { timestamps },
          { endpoints: { alpaca: { serverPing: 'off' } } },
          clock,
        );
        await using listener = await Listener.subscribed(`${papertape.url}/v2/sip`, { trades: ['*'], quotes: ['*'] });
        papertape.run.play();
        await clock.advance(seconds(elapsed));
        await listener.settled();
        const first = timestamps === 'shifted' ? opening + 86_400_000_000_000n : opening;
        const [start, end] = [first + seconds(begin), first + seconds(begin + length)];
        const query = { symbols: 'MSFT,AAPL,BRK.B', limit, sort, start: iso(start), end: iso(end) };
        const pages = await new Asker(papertape).walk(`/v2/stocks/${kind}s`, query, `${kind}s`);
        const heard = listener.events.filter(({ T, t }) => T === kind[0] && nanosOf(t) >= start && nanosOf(t) <= end);
        const inOrder = ['AAPL', 'BRK.B', 'MSFT'].flatMap((symbol) => {
          const own = heard.filter(({ S }) => S === symbol).map(({ T: _T, S: _S, ...row }) => [symbol, row]);
          return sort === 'asc' ? own : own.toReversed();
        });
        expect(pages.flat()).toEqual(inOrder);
        expect(pages.slice(0, -1).map((page) => page.length)).toEqual(pages.slice(0, -1).map(() => limit));
      },
    ),
    { numRuns: 60 },
  );
});

/** Nanos of a time on the wire. */
function nanosOf(text: unknown): bigint {
  const [whole = '', fraction = ''] = String(text).replace('Z', '').split('.');
  return BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

const iso = (at: Nanos): string =>
  `${new Date(Number(at / 1_000_000_000n) * 1000).toISOString().slice(0, 19)}.${String(at % 1_000_000_000n).padStart(9, '0')}Z`;

test('tokens have the form of the real ones, and what is none is refused', async () => {
  const events = [0n, 0n, 1n].map((wait, index) => trade(opening + wait, { id: String(index) }));
  const clock = new ManualClock(opening);
  await using papertape = await serve(events, {}, {}, clock);
  await playToEnd(papertape, clock);
  const asker = new Asker(papertape);
  const query = { symbols: 'AAPL', limit: 2 };
  const first = await asker.get('/v2/stocks/trades', query);
  expect(Buffer.from(String(first['next_page_token']), 'base64').toString()).toBe(`AAPL|T|${opening}|2`);
  const bars = await asker.get('/v2/stocks/bars', { symbols: 'AAPL', timeframe: '1Min', limit: 1 });
  expect(Buffer.from(String(bars['next_page_token']), 'base64').toString()).toBe(`AAPL|M|${opening}`);
  const token = String(first['next_page_token']);
  for (const [path, given] of [
    ['/v2/stocks/trades', { ...query, page_token: 'garbage' }],
    ['/v2/stocks/trades', { ...query, page_token: `${token}x` }],
    ['/v2/stocks/trades', { ...query, symbols: 'MSFT', page_token: token }],
    ['/v2/stocks/quotes', { ...query, page_token: token }],
    ['/v2/stocks/bars', { ...query, timeframe: '1Min', page_token: token }],
    ['/v1beta1/news', { page_token: token }],
  ] as const) {
    const { status, body } = await asker.ask(path, given);
    expect([status, body], path).toEqual([400, { message: 'invalid page_token' }]);
  }
});

test('a page is for all symbols together, and the single-symbol form names its symbol', async () => {
  const events = ['MSFT', 'AAPL', 'MSFT', 'AAPL'].map((symbol, index) =>
    trade(opening + BigInt(index), { symbol, id: String(index) }),
  );
  const clock = new ManualClock(opening);
  await using papertape = await serve(events, {}, {}, clock);
  await playToEnd(papertape, clock);
  const asker = new Asker(papertape);
  const pages = await asker.walk('/v2/stocks/trades', { symbols: 'MSFT,AAPL,NONE', limit: 3 }, 'trades');
  expect(pages.map((page) => page.map(([symbol, row]) => [symbol, row['i']]))).toEqual([
    [
      ['AAPL', 1],
      ['AAPL', 3],
      ['MSFT', 0],
    ],
    [['MSFT', 2]],
  ]);
  const { text } = await asker.ask('/v2/stocks/MSFT/trades', { limit: 1 });
  expect(text).toMatch(
    /^\{"trades":\[\{"i":0,"x":"V","p":231\.47,"s":100,"c":\["@"\],"z":"C","t":"2026-07-01T14:30:00Z"\}\],"symbol":"MSFT","next_page_token":"[^"]+"\}$/,
  );
  expect((await asker.ask('/v2/stocks/NONE/trades')).body).toEqual({
    trades: [],
    symbol: 'NONE',
    next_page_token: null,
  });
  expect((await asker.ask('/v2/stocks/trades', { symbols: 'NONE' })).body).toEqual({
    trades: {},
    next_page_token: null,
  });
});

test('before the tape starts there is no history, and the clock stands where it will start', async () => {
  await using papertape = await serve([trade(opening), trade(opening + minute)]);
  const asker = new Asker(papertape);
  expect(await asker.rows('/v2/stocks/trades', { symbols: 'AAPL', start: '2020-01-01' }, 'trades')).toEqual([]);
  expect((await asker.get('/v2/clock'))['timestamp']).toBe('2026-07-01T10:30:00-04:00');
});
