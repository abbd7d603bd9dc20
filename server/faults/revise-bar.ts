import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import type { Bar } from '../../market/event.ts';
import { inStepsOf } from '../../market/prices.ts';
import { type Chance, faultKind } from './fault.ts';

/** Shares of the close and of the volume by which a revision moves them at most. */
const mostPrice = 0.002;
const mostVolume = 0.1;

/** A bar that was final is not: a client learns whether it stores the second word on a minute, or both, or only the first. */
export const reviseBar = faultKind({
  options: z
    .strictObject({
      by: duration.prefault('30s').meta({
        title: 'By',
        description: 'How long after the bar it comes again, in tape time.',
        examples: ['30s'],
      }),
    })
    .meta({
      title: 'Revise bar',
      description:
        "Minute bars come a second time, changed by a late trade: more volume, another close. They come as the exchange's updated bars do.",
      examples: [{ by: '30s' }],
    }),
  counts: 'event',
  explain: ({ by }) => `minute bars come again after ${formatDuration(by)}, with more volume and another close`,
  open: ({ by }, { chance }) => ({
    event: (event, copies) => {
      copies.pass(event);
      if (event.kind === 'bar') copies.later(revised({ ...event, at: event.at + by }, chance), by);
    },
  }),
});

function revised(bar: Bar, chance: Chance): Bar {
  const { close, high, low, volume, trades, vwap, dayVolume } = bar;
  const move = (chance.next() < 0.5 ? -1 : 1) * Math.max(0.01, close * mostPrice * chance.next());
  const last = inStepsOf(Math.max(close + move, close / 2), close);
  const more = Math.max(1, Math.round(volume * mostVolume * chance.next()));
  return {
    ...bar,
    kind: 'updated-bar',
    high: Math.max(high, last),
    low: Math.min(low, last),
    close: last,
    volume: volume + more,
    trades: trades + 1,
    vwap: inStepsOf((vwap * volume + last * more) / (volume + more), vwap),
    dayVolume: dayVolume === undefined ? undefined : dayVolume + more,
  };
}
