import { type FeedKind, feedKind } from '../feed.ts';
import { AlpacaHistory } from './history.ts';
import { alpacaOptions } from './options.ts';
import { AlpacaFeed } from './stream.ts';

/** Alpaca's market data: streams by WebSocket, history by REST. */
export const alpaca: FeedKind<typeof alpacaOptions> = feedKind({
  vendor: 'alpaca',
  options: alpacaOptions,
  feed: (options) => new AlpacaFeed(options),
  history: (options) => new AlpacaHistory(options),
});
