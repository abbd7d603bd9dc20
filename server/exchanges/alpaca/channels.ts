import type { Channel } from '../../../market/event.ts';

/** What clients call a channel, and which kinds of event come with it. Table order is the order of the reply (sheet §4). */
export interface WireChannel {
  readonly name: string;
  readonly brings: readonly Channel[];
  /** `with-trades`: no client asks for it by name; it comes and goes with `trades` (sheet §4, measured LIVE §6.8). */
  readonly asked: 'by-name' | 'with-trades';
  /** False: left out of the full reply while it is empty, because the documented reply does not show it. */
  readonly alwaysListed: boolean;
  /** What becomes of a subscription to `*`: the plan decides, or the stream refuses it to everyone. */
  readonly star: 'by-plan' | 'refused';
}

const plain = (name: string, channel: Channel): WireChannel => ({
  name,
  brings: [channel],
  asked: 'by-name',
  alwaysListed: true,
  star: 'by-plan',
});

/** The channels of the stock streams. */
export const stockChannels: readonly WireChannel[] = [
  { ...plain('trades', 'trade'), brings: ['trade', 'correction', 'cancel'] },
  plain('quotes', 'quote'),
  plain('bars', 'bar'),
  plain('updatedBars', 'updated-bar'),
  plain('dailyBars', 'daily-bar'),
  plain('statuses', 'status'),
  plain('lulds', 'luld'),
  { ...plain('imbalances', 'imbalance'), alwaysListed: false },
  { ...plain('corrections', 'correction'), asked: 'with-trades' },
  { ...plain('cancelErrors', 'cancel'), asked: 'with-trades' },
];

/** The channels of `/v2/test`: its documented reply lists no others, and trades bring no corrections there. */
export const testChannels: readonly WireChannel[] = [
  plain('trades', 'trade'),
  plain('quotes', 'quote'),
  plain('bars', 'bar'),
];

/** The channels of the crypto streams (sheet §4). */
export const cryptoChannels: readonly WireChannel[] = [
  plain('trades', 'trade'),
  plain('quotes', 'quote'),
  plain('orderbooks', 'book'),
  plain('bars', 'bar'),
  plain('updatedBars', 'updated-bar'),
  plain('dailyBars', 'daily-bar'),
];

/** The channels of the option streams; nobody hears the quotes of every option there is (sheet §3, error 413). */
export const optionChannels: readonly WireChannel[] = [
  plain('trades', 'trade'),
  { ...plain('quotes', 'quote'), star: 'refused' },
];

/** The one channel of the news stream. */
export const newsChannels: readonly WireChannel[] = [plain('news', 'news')];

/** Names of all channels of all of Alpaca's streams; `pricing` belongs to the perpetuals (sheet §4). */
export const everyChannelName: readonly string[] = [
  ...new Set([...stockChannels, ...cryptoChannels, ...newsChannels].map(({ name }) => name)),
  'pricing',
];
