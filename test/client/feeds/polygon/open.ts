import type { z } from 'zod';
import type { Feed, History } from '../../../../client/feeds/feed.ts';
import { polygon } from '../../../../client/feeds/polygon/index.ts';

type Options = Partial<z.input<typeof polygon.options>>;

/** The stream of a cluster, with the defaults of production unless told otherwise. */
export function feedOf(cluster: string, options: Options = {}): Feed {
  return polygon.feed(polygon.options.parse({ vendor: 'polygon', cluster, ...options }));
}

export function historyOf(cluster: string, options: Options = {}): History {
  return polygon.history(polygon.options.parse({ vendor: 'polygon', cluster, ...options }));
}
