import { milli, minute, second } from '../../../market/nanos.ts';
import { markets } from '../../../market/event.ts';
import { exchangeKind, type Stream } from '../exchange.ts';
import { barEncoder } from './bar-encoder.ts';
import { recyclerOptions } from './options.ts';
import { decode, noticeFrames } from './wire.ts';

/** Under this name every client is known, because none says one. */
const anyone = { key: 'recycler', secret: '' };

/**
 * Imitates the data recycler of prefect-trading, so that its old client runs unchanged: whoever connects hears the bars of every symbol,
 * an array of them a minute, without a login or a word of its own (`data_recycler_server.py` at 70b0003). What its documents add, answers
 * to auth and subscribe, is given as well.
 */
export const recycler = exchangeKind({
  options: recyclerOptions,
  onRequest: true,
  explain: ({ path, closeFrames }) =>
    `the recycler of prefect-trading on ${path}: bars of every symbol for whoever connects, without login; ` +
    `connections end ${closeFrames === 'none' ? 'without a Close frame' : 'with a Close frame'}`,
  open({ path, closeFrames }) {
    const wire = { encoder: barEncoder(), decode, notice: noticeFrames };
    const stream: Stream = {
      path,
      feed: 'recycler',
      markets,
      lag: 0n,
      house: undefined,
      unasked: [{ channel: 'bar', symbols: ['*'] }],
      manners: {
        greets: false,
        // Nobody has to log in: see `credentials`.
        loginDeadline: minute,
        login: 'message',
        ends: { 'slow-client': { after: 0n }, 'bad-key': { after: 0n } },
        overLimit: 'request',
        unknownSymbols: 'silent',
        ping: undefined,
        closeFrames: closeFrames === 'clean',
        ghost: 0n,
        evicts: 'nobody',
        deflateFrom: undefined,
      },
      wire: () => wire,
      credentials: () => anyone,
    };
    return {
      name: 'recycler',
      streams: [stream],
      plans: { open: { feeds: undefined, sessions: Infinity, symbols: undefined } },
      defaultPlan: 'open',
      // Bars of a minute leave together and at once; it had no other kinds. The day so far comes after them, so that a silence cut to a
      // minute is not broken by its repetition.
      bars: { minute: { earliest: 0n, latest: 0n, slots: 1 }, updated: 30n * second, daily: milli },
    };
  },
});
