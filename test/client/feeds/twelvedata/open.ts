import type { z } from 'zod';
import type { Feed, History } from '../../../../client/feeds/feed.ts';
import { twelvedata } from '../../../../client/feeds/twelvedata/index.ts';

type Options = Partial<z.input<typeof twelvedata.options>>;

/** The stream of prices, with the defaults of production unless told otherwise. */
export function feedOf(options: Options = {}): Feed {
  return twelvedata.feed(twelvedata.options.parse({ vendor: 'twelvedata', ...options }));
}

export function historyOf(options: Options = {}): History {
  return twelvedata.history(twelvedata.options.parse({ vendor: 'twelvedata', ...options }));
}
