import { describe, expect, test } from 'vitest';
import { minute } from '../../../../market/nanos.ts';
import { opening, quote, trade } from '../../../helpers/events.ts';
import { Dialogue, status } from './dialogue.ts';

const subscribe = (params: string): object => ({ action: 'subscribe', params });
const unsubscribe = (params: string): object => ({ action: 'unsubscribe', params });
const done = (param: string): object => status('success', `subscribed to: ${param}`);
const gone = (param: string): object => status('success', `unsubscribed to: ${param}`);
const refused = status('error', 'not authorized');
const full = status('error', 'Subscription limit reached for feed. Please remove some subscriptions and try again.');

describe('a subscription is answered', () => {
  test('with refusals first, in one array, and only for what is new', async () => {
    await using dialogue = await Dialogue.begin({}, { keys: [{ key: 'k', plan: 'advanced' }] });
    const caller = await dialogue.call('/stocks', 'k');
    expect(await dialogue.say(caller, subscribe('T.AAPL, FMV.AAPL,ZZ.AAPL,AM.*,t.AAPL,NOI.*,T.AAPL,T.,T'))).toEqual([
      [refused, refused, done('T.AAPL'), done('AM.*')],
    ]);
    expect(await dialogue.say(caller, subscribe('AM.*,Q.BRK.B,T.AAPL'))).toEqual([[done('Q.BRK.B')]]);
    expect(await dialogue.say(caller, subscribe('T.AAPL'))).toEqual([]);
    expect(await dialogue.say(caller, subscribe('ZZ.AAPL'))).toEqual([]);
    expect(await dialogue.say(caller, unsubscribe('T.MSFT,Q.BRK.B,ZZ.X,T.AAPL'))).toEqual([
      [gone('Q.BRK.B'), gone('T.AAPL')],
    ]);
  });

  test('with a frame for each param, where a scenario wants that', async () => {
    await using dialogue = await Dialogue.begin(
      { ack: 'frame-per-param' },
      { keys: [{ key: 'k', plan: 'developer' }] },
    );
    const caller = await dialogue.call('/delayed/stocks', 'k');
    expect(await dialogue.say(caller, subscribe('T.AAPL,Q.AAPL,AM.AAPL'))).toEqual([
      [refused],
      [done('T.AAPL')],
      [done('AM.AAPL')],
    ]);
  });

  test('on a delayed feed with a refusal of what is in real time only, whatever the plan', async () => {
    await using dialogue = await Dialogue.begin();
    const caller = await dialogue.call('/delayed-business/stocks', 'k');
    expect(await dialogue.say(caller, subscribe('LULD.*,Q.AAPL,T.AAPL,FMV.AAPL'))).toEqual([
      [refused, refused, done('T.AAPL'), done('FMV.AAPL')],
    ]);
  });

  test('on the feeds of single exchanges with a refusal of all tickers at once, which only the full market has', async () => {
    await using dialogue = await Dialogue.begin();
    for (const path of ['/business/stocks', '/nasdaq-basic-business/stocks', '/delayed-edgx-business/stocks']) {
      const caller = await dialogue.call(path, 'k');
      expect(await dialogue.say(caller, subscribe('AM.*,AM.AAPL'))).toEqual([[refused, done('AM.AAPL')]]);
    }
    for (const path of [
      '/stocks',
      '/fullmarket-business/stocks',
      '/delayed-fullmarket-business/stocks',
      '/business/crypto',
    ]) {
      const caller = await dialogue.call(path, 'k');
      expect(await dialogue.say(caller, subscribe('FMV.*'))).toEqual([[done('FMV.*')]]);
    }
  });

  test('in frames of less than a million bytes, however many params there are', async () => {
    await using dialogue = await Dialogue.begin({}, { limits: { heldSymbols: 100_000 } });
    const caller = await dialogue.call('/options', 'k');
    const params = Array.from({ length: 20_000 }, (_, index) => `T.O:SPY261218C${String(index).padStart(8, '0')}`);
    const frames = await dialogue.say(caller, subscribe(params.join(',')));
    expect(frames.flat()).toEqual(params.map(done));
    const lengths = frames.map((frame) => JSON.stringify(frame).length);
    expect(lengths).toHaveLength(2);
    expect(Math.max(...lengths)).toBeLessThan(1_000_000);
  });

  test('for either spelling of a currency pair once', async () => {
    await using dialogue = await Dialogue.begin();
    const caller = await dialogue.call('/forex', 'k');
    expect(await dialogue.say(caller, subscribe('C.EUR-USD'))).toEqual([[done('C.EUR-USD')]]);
    expect(await dialogue.say(caller, subscribe('C.EUR/USD,C.USD-COP'))).toEqual([[done('C.USD-COP')]]);
  });
});

describe('the cap of option contracts', () => {
  test('refuses a request that crosses it as a whole, one error for each contract, and counts what is given back', async () => {
    await using dialogue = await Dialogue.begin({ optionContractLimit: 3 });
    const caller = await dialogue.call('/options', 'k');
    expect(await dialogue.say(caller, subscribe('Q.O:A,Q.O:B,T.O:A,T.*'))).toHaveLength(1);
    expect(await dialogue.say(caller, subscribe('Q.O:C,Q.O:D,Q.O:A'))).toEqual([[full, full]]);
    expect(await dialogue.say(caller, subscribe('Q.*'))).toEqual([[full]]);
    expect(await dialogue.say(caller, unsubscribe('Q.O:A'))).toEqual([[gone('Q.O:A')]]);
    expect(await dialogue.say(caller, subscribe('Q.O:C,Q.O:D'))).toEqual([[done('Q.O:C'), done('Q.O:D')]]);
  });

  test('on Launchpad counts bars and last values', async () => {
    await using dialogue = await Dialogue.begin({ optionContractLimit: 2, launchpad: true });
    const caller = await dialogue.call('/launchpad/options', 'k');
    expect(await dialogue.say(caller, subscribe('AM.O:A,LV.O:A'))).toHaveLength(1);
    expect(await dialogue.say(caller, subscribe('AM.O:B'))).toEqual([[full]]);
    expect(await dialogue.say(await dialogue.call('/launchpad/stocks', 'k'), subscribe('LV.*'))).toEqual([
      [done('LV.*')],
    ]);
  });

  test('is not one of other clusters', async () => {
    await using dialogue = await Dialogue.begin({ optionContractLimit: 0 });
    const caller = await dialogue.call('/stocks', 'k');
    expect(await dialogue.say(caller, subscribe('Q.*'))).toEqual([[done('Q.*')]]);
  });
});

describe('what is heard', () => {
  test('comes once, however many params ask for it', async () => {
    await using dialogue = await Dialogue.begin();
    const caller = await dialogue.call('/stocks', 'k');
    await dialogue.say(caller, subscribe('T.*,T.AAPL'));
    dialogue.papertape.run.play();
    expect(await dialogue.heard(caller)).toMatchObject([[{ ev: 'T', sym: 'AAPL' }]]);
  });

  test('on a delayed feed is the same a quarter of an hour later, of futures ten minutes', async () => {
    const events = [trade(opening), trade(opening, { market: 'futures', symbol: 'ESZ6' })];
    await using dialogue = await Dialogue.begin({}, {}, events);
    const [stocks, futures] = [
      await dialogue.call('/delayed/stocks', 'k'),
      await dialogue.call('/delayed/futures/cme', 'k'),
    ];
    await dialogue.say(stocks, subscribe('T.*'));
    await dialogue.say(futures, subscribe('T.*'));
    dialogue.papertape.run.play();
    expect(await dialogue.heard(futures)).toEqual([]);
    const first = await futures.next(11n * minute, minute / 60n);
    expect(first).toMatchObject({ kind: 'message', at: opening + 10n * minute });
    expect(await dialogue.heard(stocks)).toEqual([]);
    const second = await stocks.next(6n * minute, minute / 60n);
    expect(second).toMatchObject({ kind: 'message', at: opening + 15n * minute });
    expect(second?.kind === 'message' && JSON.parse(second.payload.toString())).toMatchObject([
      { t: Number(opening / 1_000_000n) },
    ]);
  });

  test('arrives in frames of less than a million bytes, however much there is at once', async () => {
    const events = Array.from({ length: 30_000 }, () => quote(opening));
    await using dialogue = await Dialogue.begin({}, {}, events);
    const caller = await dialogue.call('/stocks', 'k');
    await dialogue.say(caller, subscribe('Q.*'));
    dialogue.papertape.run.play();
    let [count, longest] = [0, 0];
    while (count < events.length) {
      const heard = await caller.next(minute);
      if (heard?.kind !== 'message') throw new Error(`${heard?.kind ?? 'silence'} after ${count}`);
      count += JSON.parse(heard.payload.toString()).length;
      longest = Math.max(longest, heard.payload.length);
    }
    expect(count).toBe(events.length);
    expect(longest).toBeLessThan(1_000_000);
    expect(longest).toBeGreaterThan(50_000);
  });
});
