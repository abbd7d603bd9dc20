import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import type { Bar } from '../../market/event.ts';
import { inStepsOf } from '../../market/prices.ts';
import { faultKind } from './fault.ts';

/** A bar that was cut off too early looks like any other: a client learns whether it ever compares bars with trades, or asks again. */
export const halfFormedBar = faultKind({
  options: z
    .strictObject({
      fixed: duration.optional().meta({
        title: 'Fixed',
        description: 'After so much tape time the whole bar comes as an updated bar; never when absent.',
        examples: ['30s'],
      }),
    })
    .meta({
      title: 'Half-formed bar',
      description:
        'Minute bars come with half their volume and a close from the middle of the minute; in themselves they are sound.',
      examples: [{}, { fixed: '30s' }],
    }),
  counts: 'event',
  explain: ({ fixed }) =>
    `minute bars come half formed${fixed === undefined ? ' and stay so' : `, and whole as updated bars after ${formatDuration(fixed)}`}`,
  open: ({ fixed }) => ({
    event: (event, copies) => {
      if (event.kind !== 'bar') return copies.pass(event);
      copies.pass(halfFormed(event));
      if (fixed !== undefined) copies.later({ ...event, kind: 'updated-bar', at: event.at + fixed }, fixed);
    },
  }),
});

function halfFormed(bar: Bar): Bar {
  const { open, high, low, close, volume, trades, vwap, dayVolume } = bar;
  // Half of the way that each price went since the open, so that high and low still hold the others.
  const half = (price: number): number => inStepsOf((open + price) / 2, price);
  const seen = Number.isInteger(volume) ? Math.ceil(volume / 2) : volume / 2;
  const top = Math.max(open, half(high), half(close));
  const bottom = Math.min(open, half(low), half(close));
  return {
    ...bar,
    high: top,
    low: bottom,
    close: half(close),
    volume: seen,
    trades: Math.ceil(trades / 2),
    vwap: Math.min(top, Math.max(bottom, half(vwap))),
    dayVolume: dayVolume === undefined ? undefined : dayVolume - (volume - seen),
  };
}
