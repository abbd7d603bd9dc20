import { expect, test } from 'vitest';
import { isBar, type MarketEvent } from '../../../../market/event.ts';
import type { Notice } from '../../../../client/feeds/feed.ts';
import { wantsOf } from '../../../../client/wants.ts';
import { hearing } from '../../../helpers/feed-ear.ts';
import { eventOn, type WireElement } from '../../../helpers/polygon-wire-events.ts';
import { transcriptsOf } from '../../../helpers/transcripts.ts';
import { feedOf } from './open.ts';

/** What each status of the golden conversations asks of a client. */
const notices: Readonly<Record<string, (message: string) => object>> = {
  connected: () => ({ kind: 'greeted' }),
  auth_success: () => ({ kind: 'logged-in' }),
  success: (message) => ({ kind: message.startsWith('un') ? 'released' : 'granted' }),
  error: (message) => ({ kind: 'denied', wants: undefined, why: 'not-entitled', message }),
  auth_failed: (message) => ({ kind: 'trouble', why: 'bad-key', code: undefined, message }),
  auth_timeout: (message) => ({ kind: 'trouble', why: 'login-timeout', message }),
  auth_required: (message) => ({ kind: 'trouble', why: 'bad-request', message }),
  max_connections: (message) => ({ kind: 'trouble', why: 'too-many-connections', message }),
  slow_consumer: (message) => ({ kind: 'trouble', why: 'slow-client', message }),
  force_disconnect: (message) => ({ kind: 'trouble', why: 'sent-away', message }),
};

/** What the tests' own reader makes of an element, in the letters that a client keeps, without what the wire does not tell. */
function meant(path: string, element: WireElement): object {
  const event = eventOn(path, element);
  if (event === undefined) return notices[String(element['status'])]?.(String(element['message'])) ?? {};
  if (event.kind === 'trade' && element['i'] === undefined) {
    return { ...event, id: '', ...(event.market === 'options' ? { exchange: 'M', conditions: ['g'] } : {}) };
  }
  if (event.kind === 'quote' && event.market === 'futures') {
    return { ...event, bidExchange: undefined, askExchange: undefined };
  }
  if (!isBar(event)) return event;
  const { trades: _trades, vwap, ...told } = event;
  return element['vw'] === undefined ? told : { ...told, vwap };
}

for (const { name, path, steps } of transcriptsOf('polygon')) {
  test(`of the conversation ${name} it hears each element of each frame`, () => {
    const feed = feedOf(path.slice(1));
    const frames = steps.flatMap((step) => (step.dir === 'recv' && Array.isArray(step.frame) ? [step.frame] : []));
    const heard: (MarketEvent | Notice)[] = hearing(feed, ...frames).all;
    expect(heard).toMatchObject(frames.flat().map((element) => meant(path, element)));
  });
}

test('it says what the conversations say: the key after the greeting, and one comma-separated list', () => {
  const stocks = feedOf('stocks');
  expect(stocks.greets).toBe(true);
  expect(stocks.login({ id: 'TEST_KEY', secret: '' })).toBe('{"action":"auth","params":"TEST_KEY"}');
  const wants = wantsOf([
    ['trade', ['AAPL']],
    ['bar', ['AAPL']],
  ]);
  expect(stocks.subscribe(wants)).toEqual(['{"action":"subscribe","params":"T.AAPL,AM.AAPL"}']);
  expect(stocks.unsubscribe(wants)).toEqual(['{"action":"unsubscribe","params":"T.AAPL,AM.AAPL"}']);
});

test('an acknowledgement names what it grants in the client’s own symbols', () => {
  const granted = (cluster: string, param: string): unknown => {
    const heard = hearing(feedOf(cluster), [{ ev: 'status', status: 'success', message: `subscribed to: ${param}` }]);
    return heard.notices;
  };
  const grants = (channel: 'trade' | 'quote' | 'value' | 'bar', symbol: string): unknown => [
    { kind: 'granted', wants: wantsOf([[channel, [symbol]]]) },
  ];
  expect(granted('stocks', 'T.BRK.B')).toEqual(grants('trade', 'BRK.B'));
  expect(granted('stocks', 'AM.*')).toEqual(grants('bar', '*'));
  expect(granted('options', 'T.O:SPY261218C00650000')).toEqual(grants('trade', 'SPY261218C00650000'));
  expect(granted('indices', 'V.I:SPX')).toEqual(grants('value', 'SPX'));
  expect(granted('forex', 'C.EUR/USD')).toEqual(grants('quote', 'EUR/USD'));
  expect(granted('forex', 'C.EUR-USD')).toEqual(grants('quote', 'EUR/USD'));
  expect(granted('crypto', 'XT.BTC-USD')).toEqual(grants('trade', 'BTC/USD'));
  expect(granted('futures/cme', 'Q.ESZ6')).toEqual(grants('quote', 'ESZ6'));
  expect(granted('stocks', 'ZZ.AAPL')).toMatchObject([
    { kind: 'unreadable', why: 'ZZ.AAPL is no subscription of stocks' },
  ]);
});
