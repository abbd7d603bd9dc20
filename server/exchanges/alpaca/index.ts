import { exchangeKind, type SymbolLimit } from '../exchange.ts';
import { alpacaOptions } from './options.ts';
import { alpacaStreams, optionFeeds, tradingFeed } from './streams.ts';
import { formatDuration } from '../../../market/duration.ts';
import { alpacaVariables } from './variables.ts';

/** Imitates Alpaca's streams: stocks, crypto, options, news and the account's own. */
export const alpaca = exchangeKind({
  options: alpacaOptions,
  variables: alpacaVariables,
  explain({ ack, closeFrames, serverPing, connectionLimit, symbolLimit, optionQuoteLimit }) {
    const pings = serverPing === 'off' ? 'it never pings' : `it pings every ${formatDuration(serverPing.every)}`;
    const ends = closeFrames === 'none' ? 'without a Close frame' : 'with a Close frame';
    return (
      `Alpaca streams: subscription replies are ${ack}, ${pings}, connections end ${ends}; ` +
      `plan basic may hold ${symbolLimit} symbols, ${optionQuoteLimit.basic} option quotes and ${connectionLimit.basic} connection(s) per stream.`
    );
  },
  open: (options) => {
    const { connectionLimit, optionQuoteLimit, requestLimit } = options;
    const basic = { limit: options.symbolLimit, counted: ['trade', 'quote'] } as const;
    return {
      name: 'alpaca',
      streams: alpacaStreams(options),
      plans: {
        basic: {
          requests: requestLimit.basic,
          feeds: [...options.basicFeeds, tradingFeed],
          sessions: connectionLimit.basic,
          symbols: basic,
          // The 30 symbols are documented for stocks; news and crypto name no limit.
          symbolsOn: { ...optionQuotes(optionQuoteLimit.basic), crypto: undefined, news: undefined },
        },
        plus: {
          requests: requestLimit.plus,
          feeds: undefined,
          sessions: connectionLimit.plus,
          symbols: undefined,
          symbolsOn: optionQuotes(optionQuoteLimit.plus),
        },
        broker: {
          requests: requestLimit.broker,
          feeds: undefined,
          sessions: connectionLimit.broker,
          symbols: undefined,
          symbolsOn: optionQuotes(optionQuoteLimit.plus),
        },
      },
      defaultPlan: 'plus',
      bars: { minute: options.barDelay, updated: options.updatedBarDelay, daily: options.dailyBarDelay },
      rest: async () => (await import('./rest/index.ts')).alpacaRest(options),
    };
  },
});

/** Option streams limit quotes alone (sheet §4). */
function optionQuotes(limit: number): Readonly<Record<string, SymbolLimit>> {
  return Object.fromEntries(optionFeeds.map((feed) => [feed, { limit, counted: ['quote'] }]));
}
