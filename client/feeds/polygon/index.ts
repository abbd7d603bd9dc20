import { feedKind } from '../feed.ts';
import { polygonHistory } from './history.ts';
import { polygonOptions } from './options.ts';
import { polygonFeed } from './stream.ts';

export const polygon = feedKind({
  vendor: 'polygon',
  options: polygonOptions,
  feed: polygonFeed,
  history: polygonHistory,
});
