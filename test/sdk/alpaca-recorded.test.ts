import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { expect, test } from 'vitest';
import { SystemClock } from '../../market/clock.ts';
import { bar, opening, quote, status, trade } from '../helpers/events.ts';
import { eventsOn, folder, record } from '../helpers/recorded.ts';
import { serve } from '../helpers/serve.ts';

// @alpacahq/alpaca-trade-api 4.x, unmodified, in MessagePack: it does not know that somebody stands between.
test('the SDK hears the vendor through the recorder, and the tape has all it heard', async () => {
  const minute = 60_000_000_000n;
  const events = [
    status(opening),
    quote(opening + 1n),
    trade(opening + 123_456_789n, { id: '9007199254740993', conditions: ['@', 'I'], size: 40 }),
    trade(opening + minute, { id: '9007199254740994' }),
    bar('bar', opening, opening + minute + 500_000_000n),
  ];
  await using place = await folder();
  const tape = place.at('day.ndjson');
  await using vendor = await serve(events, { speed: 'max' }, {}, new SystemClock());
  await using recorder = await record(vendor.url, { tape });
  const alpaca = new Alpaca({ keyId: 'key', secret: 'secret' });
  const stream = alpaca.marketData.stockStream({ url: `${recorder.url}/v2/sip`, initialReconnectMs: 10 });
  let heard = 0;
  const all = new Promise<void>((resolve) => {
    const hear = (): void => {
      if (++heard === events.length) resolve();
    };
    stream.onTrade(hear).onQuote(hear).onStatus(hear).onBar(hear);
  });
  await new Promise<void>((resolve) => {
    stream.onConnect(resolve);
    stream.connect();
  });
  stream.subscribeForTrades(['AAPL']);
  stream.subscribeForQuotes(['AAPL']);
  stream.subscribeForStatuses(['AAPL']);
  stream.subscribeForBars(['AAPL']);
  const held = (): number =>
    [...vendor.run.sessions].reduce((sum, { subscriptions }) => sum + subscriptions.list().length, 0);
  await expect.poll(held).toBe(6);
  vendor.run.play();
  await all;
  stream.disconnect();
  await recorder[Symbol.asyncDispose]();
  // A bar tells its minute, not when it came: it stands where the market had come to.
  expect(await eventsOn(tape)).toEqual(
    events.map((event) => (event.kind === 'bar' ? { ...event, at: opening + minute } : event)),
  );
  expect(recorder.drift.findings).toBe(0);
});
