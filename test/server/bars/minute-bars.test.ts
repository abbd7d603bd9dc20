import { expect, test } from 'vitest';
import { isBar, type Bar } from '../../../market/event.ts';
import { bar as anyBar } from '../../helpers/events.ts';
import { at, barsOf, minute, play, schedule, second, trade } from './bar-fixture.ts';

const mark = at('2026-07-01T14:31:00Z');

test('a minute bar tells its minute and leaves within the span after it', async () => {
  const [bar] = await barsOf('bar', [
    trade('2026-07-01T14:30:00Z', 10, 100),
    trade('2026-07-01T14:30:59.999Z', 12, 300),
  ]);
  expect(bar).toMatchObject({ open: 10, high: 12, low: 10, close: 12, volume: 400, trades: 2, vwap: 11.5 });
  expect(bar).toMatchObject({ start: at('2026-07-01T14:30:00Z'), symbol: 'AAPL', market: 'stocks', dayVolume: 400 });
  expect(bar?.at).toBeGreaterThanOrEqual(mark + schedule.minute.earliest);
  expect(bar?.at).toBeLessThanOrEqual(mark + schedule.minute.latest);
});

test('no eligible trade, no bar: not for odd lots alone, not for a minute without trades', async () => {
  expect(await barsOf('bar', [trade('2026-07-01T14:30:00Z', 10, 5, { conditions: ['I'] })])).toEqual([]);
  const gap = await barsOf('bar', [trade('2026-07-01T14:30:00Z', 10, 5), trade('2026-07-01T14:40:00Z', 10, 5)]);
  expect(gap.map(({ start }) => start)).toEqual([at('2026-07-01T14:30:00Z'), at('2026-07-01T14:40:00Z')]);
});

test('the bars of one minute leave in a few bursts, always the same for the same seed', async () => {
  const tape = Array.from({ length: 300 }, (_, i) => trade('2026-07-01T14:30:10Z', 10, 100, { symbol: `S${i}` }));
  const moments = async (seed: number): Promise<string[]> =>
    (await barsOf('bar', tape, { seed })).map((bar) => `${bar.symbol} ${bar.at - mark}`);
  const bursts = new Set((await barsOf('bar', tape)).map((bar) => bar.at));
  expect(bursts.size).toBe(schedule.minute.slots);
  expect(await moments(1)).toEqual(await moments(1));
  expect(await moments(2)).not.toEqual(await moments(1));
});

test('a trade stamped in the minute but published before its bar still counts, without an update', async () => {
  const tape = [
    trade('2026-07-01T14:30:10Z', 10, 100),
    trade('2026-07-01T14:31:00.100Z', 9, 50, { participantAt: at('2026-07-01T14:30:59.990Z') }),
  ];
  expect(await barsOf('bar', tape)).toMatchObject([{ low: 9, close: 9, volume: 150 }]);
  expect(await barsOf('updated-bar', tape)).toEqual([]);
});

const late = { participantAt: at('2026-07-01T14:30:59.990Z') };

test('a late trade brings the bar a second time, exactly so long after the first', async () => {
  const tape = [
    trade('2026-07-01T14:30:10Z', 10, 100),
    trade('2026-07-01T14:31:02Z', 9, 50, late),
    trade('2026-07-01T14:31:05Z', 8, 10, late),
  ];
  const [bar] = await barsOf('bar', tape);
  const updates = await barsOf('updated-bar', tape);
  expect(bar).toMatchObject({ low: 10, close: 10, volume: 100, trades: 1 });
  expect(updates).toMatchObject([{ start: bar?.start, low: 8, close: 8, volume: 160, trades: 3 }]);
  expect(updates[0]?.at).toBe((bar?.at ?? 0n) + schedule.updated);
});

test('a late trade that changes nothing brings no update', async () => {
  const mute = trade('2026-07-01T14:31:02Z', 9, 50, { ...late, conditions: ['M'] });
  expect(await barsOf('updated-bar', [trade('2026-07-01T14:30:10Z', 10, 100), mute])).toEqual([]);
});

test('a trade later than the update changes the day but no minute', async () => {
  const tape = [
    trade('2026-07-01T14:30:10Z', 10, 100),
    trade('2026-07-01T14:31:32Z', 9, 50, late),
    trade('2026-07-01T14:33:00Z', 9, 7, late),
  ];
  expect(await barsOf('updated-bar', tape)).toEqual([]);
  expect((await barsOf('bar', tape)).map(({ volume }) => volume)).toEqual([100]);
  expect((await barsOf('daily-bar', tape)).at(-1)?.volume).toBe(157);
});

test('a minute that first trades late has only the updated bar', async () => {
  const tape = [trade('2026-07-01T14:31:02Z', 9, 50, late)];
  expect(await barsOf('bar', tape)).toEqual([]);
  expect(await barsOf('updated-bar', tape)).toMatchObject([{ open: 9, volume: 50, start: at('2026-07-01T14:30:00Z') }]);
});

test('a participant clock that runs ahead does not move a trade into the next minute', async () => {
  const ahead = trade('2026-07-01T14:30:59.9Z', 10, 100, { participantAt: mark + second });
  expect(await barsOf('bar', [ahead])).toMatchObject([{ start: mark - minute }]);
});

function recordedBar(start: string, time: bigint, more: Partial<Bar> = {}): Bar {
  return anyBar('bar', at(start), time, { open: 10, high: 12, low: 9, close: 11, volume: 100, trades: 4, ...more });
}

test('a recorded bar is not published before its minute has ended', async () => {
  const start = '2026-07-01T14:30:00Z';
  for (const time of [at(start), mark]) {
    const bars = await barsOf('bar', [recordedBar(start, time), trade('2026-07-01T14:31:10Z', 5, 5)], {
      recorded: ['bar'],
    });
    expect(bars).toMatchObject([{ close: 11, start: at(start) }]);
    expect(bars[0]?.at).toBeGreaterThanOrEqual(mark + schedule.minute.earliest);
    expect(bars[0]?.at).toBeLessThanOrEqual(mark + schedule.minute.latest);
  }
});

test('a recorded bar with a time of its own keeps it', async () => {
  const page = [recordedBar('2026-07-01T14:30:00Z', mark + second / 2n)];
  const out = await play([page], { recorded: ['bar'] });
  expect(out[0]?.[0]).toBe(page[0]);
  expect(out.flat().filter((event) => isBar(event) && event.kind === 'bar')).toHaveLength(1);
});
