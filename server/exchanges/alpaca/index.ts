import { exchangeKind } from '../exchange.ts';
import { alpacaOptions } from './options.ts';
import { stockStreams } from './streams.ts';
import { formatDuration } from '../../../market/duration.ts';

/** Imitates Alpaca's market-data streams for stocks. */
export const alpaca = exchangeKind({
  options: alpacaOptions,
  explain({ ack, closeFrames, serverPing, connectionLimit, symbolLimit }) {
    const pings = serverPing === 'off' ? 'it never pings' : `it pings every ${formatDuration(serverPing.every)}`;
    const ends = closeFrames === 'none' ? 'without a Close frame' : 'with a Close frame';
    return (
      `Alpaca stock streams: subscription replies are ${ack}, ${pings}, connections end ${ends}; ` +
      `plan basic may hold ${symbolLimit} symbols and ${connectionLimit.basic} connection(s) per stream.`
    );
  },
  open: (options) => ({
    name: 'alpaca',
    streams: stockStreams(options),
    plans: {
      basic: {
        feeds: options.basicFeeds,
        sessions: options.connectionLimit.basic,
        symbols: { limit: options.symbolLimit, counted: ['trade', 'quote'] },
      },
      plus: { feeds: undefined, sessions: options.connectionLimit.plus, symbols: undefined },
      broker: { feeds: undefined, sessions: options.connectionLimit.broker, symbols: undefined },
    },
    defaultPlan: 'plus',
    bars: { minute: options.barDelay, updated: options.updatedBarDelay, daily: options.dailyBarDelay },
  }),
});
