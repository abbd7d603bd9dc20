import { expect, test } from 'vitest';
import type { Refusal, Stream, Wish } from '../../../server/exchanges/exchange.ts';
import { endpointsSchema, openExchanges } from '../../../server/exchanges/index.ts';
import { grant } from '../../../server/session/wishes.ts';
import { Subscriptions } from '../../../server/fan-out/subscriptions.ts';

const endpoints = endpointsSchema.parse({ alpaca: {}, polygon: {}, twelvedata: {}, recycler: {} });
const exchanges = openExchanges(endpoints);

function stream(name: string, path: string): Stream {
  const found = exchanges.find((exchange) => exchange.name === name)?.streams.find((one) => one.path === path);
  if (found === undefined) throw new Error(`no ${name}${path}`);
  return found;
}
const alpaca = stream('alpaca', '/v2/iex');
const polygon = stream('polygon', '/stocks');
const twelvedata = stream('twelvedata', '/v1/quotes/price');
const recycler = exchanges.find(({ name }) => name === 'recycler')?.streams[0] ?? alpaca;

const json = { 'content-type': 'application/json' };

/** What a client reads when its exchange says no, and how its connection ends then: `open`, or its close code. */
function told(of: Stream, why: Refusal): string {
  const { manners } = of;
  const words = of
    .wire(json)
    .notice({ kind: 'refused', why })
    .map((frame) => frame.toString());
  const ending = manners.ends[why];
  const code = ending?.code ?? (manners.closeFrames ? 1001 : 'none');
  return [...words, ending === undefined ? 'open' : `${code}${ending.after === 0n ? '' : ' later'}`].join(' ');
}

/** Every refusal that a fault asks of an exchange outside a subscription, in the words of each. */
const answers: readonly (readonly [Refusal, Readonly<Record<string, string>>])[] = [
  [
    'bad-key',
    {
      alpaca: '[{"T":"error","code":402,"msg":"auth failed"}] open',
      polygon: '[{"ev":"status","status":"auth_failed","message":"authentication failed"}] none',
      twelvedata: 'open',
      recycler: 'none',
    },
  ],
  [
    'not-in-plan',
    {
      alpaca: '[{"T":"error","code":409,"msg":"insufficient subscription"}] open',
      polygon:
        '[{"ev":"status","status":"auth_failed","message":"Your plan doesn\'t include websocket access. Visit https://massive.com/pricing to upgrade."}] none',
      twelvedata: 'open',
      recycler: 'open',
    },
  ],
  [
    'login-timeout',
    {
      alpaca: '[{"T":"error","code":404,"msg":"auth timeout"}] none',
      polygon: '[{"ev":"status","status":"auth_timeout","message":"No authentication request received."}] 1008',
      twelvedata: 'open',
      recycler: 'open',
    },
  ],
  [
    'internal',
    {
      alpaca: '[{"T":"error","code":500,"msg":"internal error"}] open',
      polygon: 'open',
      twelvedata: 'open',
      recycler: 'open',
    },
  ],
  [
    'too-many-sessions',
    {
      alpaca: '[{"T":"error","code":406,"msg":"connection limit exceeded"}] none later',
      polygon:
        '[{"ev":"status","status":"max_connections","message":"Maximum number of websocket connections exceeded. You may only use 1 connections at a time."}] 1008',
      twelvedata: '1008',
      recycler: 'open',
    },
  ],
  [
    'slow-client',
    {
      alpaca: '[{"T":"error","code":407,"msg":"slow client"}] none',
      polygon: '[{"ev":"status","status":"slow_consumer","message":"slow consumer"}] none',
      twelvedata: '1008',
      recycler: 'none',
    },
  ],
  [
    'dismissed',
    {
      alpaca: 'open',
      polygon: '[{"ev":"status","status":"force_disconnect","message":"forced disconnect"}] 1008',
      twelvedata: 'open',
      recycler: 'open',
    },
  ],
];

test.each(answers)('%s is said, and ends a connection, as each exchange does it', (why, expected) => {
  const heard = {
    alpaca: told(alpaca, why),
    polygon: told(polygon, why),
    twelvedata: told(twelvedata, why),
    recycler: told(recycler, why),
  };
  expect(heard).toEqual(expected);
});

/** What a client reads that asks for two symbols of which the second is refused. */
function reply(of: Stream, one: Wish, other: Wish, why: Refusal): readonly string[] {
  const terms = { ...of.manners, plan: { symbols: undefined }, heldSymbols: 10, marketOf: () => 'stocks' as const };
  const granted = grant([one, { ...other, refused: why }], Subscriptions.none, { ...terms, unknownSymbols: 'silent' });
  const notice =
    typeof granted === 'string'
      ? ({ kind: 'refused', why: granted } as const)
      : ({ kind: 'subscribed', verdicts: granted.verdicts, all: granted.next.list() } as const);
  return of
    .wire(json)
    .notice(notice)
    .map((frame) => frame.toString());
}

const trades = { channels: ['trade'], symbols: ['AAPL'], spelt: 'T.AAPL' } as const;
const prices = { channels: ['price'], symbols: ['AAPL'], spelt: 'AAPL' } as const;
const other = { symbols: ['MSFT'], spelt: 'T.MSFT' } as const;

test('a symbol that is refused beside a good one is left out at Alpaca, and named at Polygon and Twelve Data', () => {
  expect(reply(alpaca, trades, { ...trades, ...other }, 'not-in-plan')).toEqual([
    '[{"T":"subscription","trades":["AAPL"]}]',
  ]);
  expect(reply(polygon, trades, { ...trades, ...other }, 'not-in-plan')).toEqual([
    '[{"ev":"status","status":"error","message":"not authorized"},{"ev":"status","status":"success","message":"subscribed to: T.AAPL"}]',
  ]);
  const [answer] = reply(twelvedata, prices, { ...prices, symbols: ['MSFT'], spelt: 'MSFT' }, 'not-in-plan');
  expect(answer).toContain('"fails":[{"symbol":"MSFT"}]');
  expect(answer).toContain('"status":"ok"');
});

test('one symbol too many is refused with its request at Alpaca, with all beside it at Polygon, and alone at Twelve Data', () => {
  expect(reply(alpaca, trades, { ...trades, ...other }, 'too-many-symbols')).toEqual([
    '[{"T":"error","code":405,"msg":"symbol limit exceeded"}]',
  ]);
  const full = 'Subscription limit reached for feed. Please remove some subscriptions and try again.';
  const [both] = reply(polygon, trades, { ...trades, ...other }, 'too-many-symbols');
  expect(both?.split(full)).toHaveLength(3);
  const [answer] = reply(twelvedata, prices, { ...prices, symbols: ['MSFT'], spelt: 'MSFT' }, 'too-many-symbols');
  expect(answer).toContain('"fails":[{"symbol":"MSFT"}]');
});

test('Twelve Data turns an upgrade away in its words: a key is missing, is wrong, or something broke', () => {
  const status = (why: Refusal): number | undefined => twelvedata.turnAway?.(why).status;
  expect([status('no-key'), status('bad-key'), status('internal')]).toEqual([401, 401, 500]);
  expect(twelvedata.turnAway?.('internal').body.toString()).toContain('Internal server error');
});
