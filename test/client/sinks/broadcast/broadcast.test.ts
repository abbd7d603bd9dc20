import { expect, test } from 'vitest';
import {
  Broadcast,
  type BroadcastHappening,
  broadcastSettings,
  type Outlet,
} from '../../../../client/sinks/broadcast/index.ts';
import type { Batch } from '../../../../client/sinks/sink.ts';
import { wantsOf } from '../../../../client/wants.ts';
import { ManualClock } from '../../../../market/clock.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { millis, seconds } from '../../../../market/nanos.ts';
import { news, opening, quote, trade } from '../../../helpers/events.ts';

/** A reader that reads when told. */
class Reader implements Outlet {
  readonly frames: Buffer[] = [];
  closed: string | undefined;
  unread = 0;

  send(frame: Buffer): void {
    this.frames.push(frame);
    this.unread += frame.length;
  }

  waiting(): number {
    return this.unread;
  }

  close(code: number, reason: string): void {
    this.closed = `${code} ${reason}`;
  }

  /** What was heard: ids of trades, kinds of the rest. */
  get heard(): readonly string[] {
    return this.frames.flatMap((frame) => {
      const { events }: { events: { kind: string; id?: string }[] } = JSON.parse(String(frame));
      return events.map(({ kind, id }) => id ?? kind);
    });
  }
}

function rig(settings = {}) {
  const clock = new ManualClock(opening);
  const happenings: BroadcastHappening[] = [];
  const broadcast = new Broadcast(broadcastSettings.parse(settings), clock, (one) => happenings.push(one));
  const tell = async (events: readonly MarketEvent[], origin: Batch['origin'] = 'stream'): Promise<void> => {
    expect(broadcast.take({ events, origin, dataSource: 'alpaca', heardAt: opening })).toBeUndefined();
    await broadcast.flush();
  };
  const listen = (wants: Parameters<ReturnType<Broadcast['attach']>['want']>[0]) => {
    const reader = new Reader();
    const listening = broadcast.attach(reader);
    listening.want(wants);
    return { reader, listening };
  };
  return { clock, happenings, broadcast, tell, listen };
}

const trades = (from: number, to: number, symbol = 'AAPL'): MarketEvent[] =>
  Array.from({ length: to - from }, (_, index) => trade(opening, { id: String(from + index), symbol }));

test('a subscriber in the process hears what it wants as it comes, and one that throws harms nobody', async () => {
  const { broadcast, tell, happenings } = rig();
  const heard: string[] = [];
  using _bad = broadcast.subscribe('everything', () => {
    throw new Error('mine');
  });
  const good = broadcast.subscribe(wantsOf([['trade', ['AAPL']]]), ({ symbol }, source) =>
    heard.push(`${symbol} ${source}`),
  );
  await tell([trade(opening), trade(opening, { symbol: 'MSFT' }), quote(opening)]);
  good[Symbol.dispose]();
  await tell([trade(opening)]);
  expect(heard).toEqual(['AAPL alpaca']);
  expect(happenings).toHaveLength(4);
  expect(happenings[0]).toEqual({ kind: 'subscriber-threw', why: 'Error: mine' });
});

test('listeners hear what they want and no more, in order, in one frame a turn', async () => {
  const { tell, listen } = rig();
  const all = listen('everything').reader;
  const stars = listen(wantsOf([['quote', ['*']]])).reader;
  const { reader, listening } = listen(wantsOf([['trade', ['AAPL']]]));
  await tell([
    trade(opening, { id: '1' }),
    quote(opening, { symbol: 'MSFT' }),
    trade(opening, { symbol: 'MSFT', id: '2' }),
  ]);
  expect([all.heard, stars.heard, reader.heard]).toEqual([['1', 'quote', '2'], ['quote'], ['1']]);
  expect(all.frames).toHaveLength(1);
  listening.want(wantsOf([['trade', ['MSFT']]]));
  await tell(trades(3, 5, 'MSFT'));
  listening[Symbol.dispose]();
  await tell(trades(5, 6, 'MSFT'));
  expect(reader.heard).toEqual(['1', '3', '4']);
});

test('news about several symbols reaches whoever wants one of them', async () => {
  const { tell, listen } = rig();
  const { reader } = listen(wantsOf([['news', ['MSFT']]]));
  await tell([news(opening, { symbols: ['AAPL', 'MSFT'] }), news(opening, { symbols: ['AAPL'] })]);
  expect(reader.heard).toEqual(['24918784']);
});

test('an event is spelled once for all, and framed once for those who want the same', async () => {
  const { tell, listen } = rig();
  const readers = Array.from({ length: 50 }, () => listen(wantsOf([['trade', ['AAPL']]])).reader);
  await tell(trades(0, 10));
  expect(new Set(readers.flatMap(({ frames }) => frames)).size).toBe(1);
});

test('history is not live', async () => {
  const { tell, listen } = rig();
  const { reader } = listen('everything');
  await tell(trades(0, 1), 'history');
  expect(reader.frames).toEqual([]);
});

test('a slow listener gets the newest of each symbol once it reads again, and nobody else notices', async () => {
  const { clock, tell, listen, happenings, broadcast } = rig({ mostWaiting: 1024 });
  const { reader: slow } = listen('everything');
  const { reader: quick } = listen('everything');
  await tell(trades(0, 20));
  quick.unread = 0;
  await tell(trades(20, 30));
  quick.unread = 0;
  await tell([...trades(30, 40), ...trades(40, 41, 'MSFT')]);
  expect(slow.heard).toHaveLength(20);
  expect(broadcast.slow).toBe(1);
  slow.unread = 0;
  await clock.advance(millis(100));
  expect(slow.heard.slice(20)).toEqual(['39', '40']);
  expect(JSON.parse(String(slow.frames.at(-1)))).toMatchObject({ leftOut: 19 });
  quick.unread = 0;
  await tell(trades(41, 43));
  expect(slow.heard.slice(22)).toEqual(['41', '42']);
  expect(quick.heard).toHaveLength(43);
  expect(happenings.map(({ kind }) => kind)).toEqual(['listener-slow', 'listener-back']);
  expect(clock.waiting).toBe(0);
});

test('a listener that never reads again is dropped after the patience it was given, or at once when told so', async () => {
  const { clock, tell, listen, broadcast } = rig({ mostWaiting: 1024, patience: '2s' });
  const { reader } = listen('everything');
  await tell(trades(0, 20));
  await tell(trades(20, 21));
  await clock.advance(seconds(1));
  expect(reader.closed).toBeUndefined();
  await clock.advance(seconds(1.1));
  expect(reader.closed).toBe('1013 reads too slowly');
  expect([broadcast.listeners, clock.waiting]).toEqual([0, 0]);

  const strict = rig({ mostWaiting: 1024, slow: 'drop' });
  const other = strict.listen('everything').reader;
  await strict.tell(trades(0, 20));
  await strict.tell(trades(20, 21));
  expect(other.closed).toBe('1013 reads too slowly');
  expect(other.heard).toHaveLength(20);
});

test('what is kept for a slow listener is bounded', async () => {
  const { clock, tell, listen } = rig({ mostWaiting: 1024, mostThinned: 2 });
  const { reader } = listen('everything');
  await tell(trades(0, 20));
  await tell(['A', 'B', 'C', 'A'].map((symbol, index) => trade(opening, { symbol, id: `late ${index}` })));
  reader.unread = 0;
  await clock.advance(millis(100));
  expect(reader.heard.slice(20)).toEqual(['late 2', 'late 3']);
});

test('much at once comes in frames of a bounded length, all of it', async () => {
  const { tell, listen } = rig({ mostWaiting: 2 ** 30 });
  const { reader } = listen('everything');
  await tell(trades(0, 20_000));
  expect(reader.heard).toEqual(Array.from({ length: 20_000 }, (_, index) => String(index)));
  expect(Math.max(...reader.frames.map((frame) => frame.length))).toBeLessThan(200_000);
});
