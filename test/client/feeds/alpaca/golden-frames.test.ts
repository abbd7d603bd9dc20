import { expect, test } from 'vitest';
import { alpaca } from '../../../../client/feeds/alpaca/index.ts';
import { streamNames, streams } from '../../../../client/feeds/alpaca/streams.ts';
import type { Feed } from '../../../../client/feeds/feed.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { minute } from '../../../../market/nanos.ts';
import { eventOn } from '../../../helpers/alpaca-stream-events.ts';
import type { WireElement } from '../../../helpers/alpaca-wire-events.ts';
import { heard } from '../../../helpers/ear.ts';
import { type Receipt, transcriptsOf } from '../../../helpers/transcripts.ts';

// What the vendor is known to have said, session by session, read by the feed and by the tests' own reading of the sheet.

const sessions = transcriptsOf('alpaca').flatMap(({ name, path, encoding, steps }) => {
  const stream = streamNames.find((one) => streams[one].path === path);
  if (stream === undefined) return [];
  const packed = encoding === 'msgpack' || streams[stream].market === 'options';
  const options = { vendor: 'alpaca', stream, encoding: packed ? 'msgpack' : 'json' };
  const feed = alpaca.feed(alpaca.options.parse(options));
  return [{ name, path, feed, receipts: steps.filter((step): step is Receipt => step.dir === 'recv') }];
});

test('every event that Alpaca is known to have sent is heard as what it is', () => {
  const events = sessions.flatMap(({ name, path, feed, receipts }) =>
    receipts.flatMap((receipt) => {
      const meant = elementsOf(receipt).flatMap((element) => meaning(path, element));
      expect.soft(hear(feed, receipt)?.events ?? [], name).toEqual(meant);
      return meant;
    }),
  );
  expect(new Set(events.map(({ kind }) => kind))).toEqual(
    new Set(['trade', 'quote', 'bar', 'updated-bar', 'correction', 'cancel', 'book', 'news']),
  );
  expect(events.length).toBeGreaterThan(20);
});

test('nothing that Alpaca is known to have sent is unreadable', () => {
  const unreadable = sessions.flatMap(({ name, feed, receipts }) =>
    receipts.flatMap((receipt) =>
      (hear(feed, receipt)?.notices ?? [])
        .filter(({ kind }) => kind === 'unreadable')
        .map((notice) => ({ name, notice })),
    ),
  );
  expect(unreadable).toEqual([]);
});

test.each([
  ['happy_path', [{ kind: 'greeted' }, { kind: 'logged-in' }]],
  ['bad_key', [{ kind: 'trouble', why: 'bad-key', code: 402, message: 'auth failed' }]],
  ['auth_timeout', [{ kind: 'trouble', why: 'login-timeout', code: 404, message: 'auth timeout' }]],
  ['double_auth', [{ kind: 'logged-in' }]],
  ['connection_limit', [{ kind: 'trouble', why: 'too-many-connections', code: 406 }]],
  ['insufficient_subscription', [{ kind: 'trouble', why: 'not-entitled', code: 409 }]],
  ['symbol_limit', [{ kind: 'denied', wants: undefined, why: 'too-many-symbols', message: 'symbol limit exceeded' }]],
  ['crypto_pair_on_stock_stream', [{ kind: 'denied', why: 'bad-request', message: 'invalid syntax' }]],
  ['slow_client', [{ kind: 'trouble', why: 'slow-client', code: 407 }]],
  ['options_bars_invalid', [{ kind: 'denied', why: 'bad-request' }]],
  [
    'unsubscribe_everything',
    [
      { kind: 'holds', wants: new Map([['bar', new Set(['AAPL', 'NVDA', 'SPY'])]]) },
      { kind: 'holds', wants: new Map() },
    ],
  ],
  ['msgpack', [{ kind: 'holds', wants: new Map([['trade', new Set(['AAPL'])]]) }]],
])('in the session %s the vendor is understood', (name, expected) => {
  const session = sessions.find((one) => one.name === name) ?? expect.fail(`no session ${name}`);
  const notices = session.receipts.flatMap((receipt) => hear(session.feed, receipt)?.notices ?? []);
  for (const notice of expected) expect(notices).toContainEqual(expect.objectContaining(notice));
});

function hear(feed: Feed, { hex, raw, frame }: Receipt) {
  if (hex !== undefined) return heard(feed, Buffer.from(hex, 'hex'));
  if (raw !== undefined) return heard(feed, raw);
  return frame && heard(feed, JSON.stringify(frame));
}

function elementsOf({ frame }: Receipt): readonly WireElement[] {
  return Array.isArray(frame) ? frame : [];
}

/** A bar is as of its end, and an item of news as of its last change. */
function meaning(path: string, element: WireElement): MarketEvent[] {
  const event = eventOn(path, element);
  if (event === undefined) return [];
  if ('start' in event) return [{ ...event, at: event.start + minute }];
  return [event.kind === 'news' ? { ...event, at: event.updatedAt, createdAt: event.at } : event];
}
