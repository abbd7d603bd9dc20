import { feedKind } from '../feed.ts';
import { twelveDataHistory } from './history.ts';
import { twelveDataOptions } from './options.ts';
import { twelveDataFeed } from './stream.ts';

export const twelvedata = feedKind({
  vendor: 'twelvedata',
  options: twelveDataOptions,
  feed: twelveDataFeed,
  history: twelveDataHistory,
});
