import { z } from 'zod';
import { alpaca } from './alpaca/index.ts';
import type { Feed, History } from './feed.ts';
import { polygon } from './polygon/index.ts';
import { twelvedata } from './twelvedata/index.ts';

/** Every vendor that a client can listen to. */
export const feedKinds = { alpaca, polygon, twelvedata } as const;

/** A stream of a vendor, and the history that refills it. */
export const feedSettings = z.discriminatedUnion('vendor', [alpaca.options, polygon.options, twelvedata.options]);
export type FeedSettings = z.output<typeof feedSettings>;

export function openFeed(settings: FeedSettings): Feed {
  switch (settings.vendor) {
    case 'alpaca':
      return alpaca.feed(settings);
    case 'polygon':
      return polygon.feed(settings);
    case 'twelvedata':
      return twelvedata.feed(settings);
  }
}

export function openHistory(settings: FeedSettings): History {
  switch (settings.vendor) {
    case 'alpaca':
      return alpaca.history(settings);
    case 'polygon':
      return polygon.history(settings);
    case 'twelvedata':
      return twelvedata.history(settings);
  }
}
