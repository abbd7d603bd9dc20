import type { z } from 'zod';
import { markets } from '../../../market/event.ts';
import type { Encoder, Readers, Stream, Wire } from '../exchange.ts';
import {
  cryptoChannels,
  newsChannels,
  optionChannels,
  stockChannels,
  testChannels,
  type WireChannel,
} from './channels.ts';
import type { Encoding } from './client-message.ts';
import { headerCredentials } from './credentials.ts';
import { cryptoReaders, ear, newsReaders, optionReaders, stockReaders } from './hear.ts';
import { cryptoJsonEncoder } from './crypto-json.ts';
import { cryptoMsgpackEncoder } from './crypto-msgpack.ts';
import { decode, pairShape, type Reading, tickerShape } from './decode.ts';
import { fakepaca } from './fakepaca.ts';
import { jsonEncoder } from './json-encoder.ts';
import { msgpackEncoder } from './msgpack-encoder.ts';
import { newsJsonEncoder } from './news-json.ts';
import { newsMsgpackEncoder } from './news-msgpack.ts';
import { noticeFrames } from './notice.ts';
import { optionMsgpackEncoder } from './option-msgpack.ts';
import { mannersOf, tradingManners } from './manners.ts';
import type { alpacaOptions } from './options.ts';
import { tradingWire } from './trading.ts';

type Options = z.output<typeof alpacaOptions>;
type Encoders = Readonly<Record<Encoding, Encoder>>;

/** Every stream (sheet §1). A path is a feed; the streams of one market talk alike. */
export function alpacaStreams(options: Options): readonly Stream[] {
  const manners = mannersOf(options);
  const common = { lag: 0n, house: undefined, manners, credentials: headerCredentials } as const;
  return [
    ...stockStreams(options, common),
    ...cryptoStreams(options, common),
    ...optionStreams(options, common),
    {
      ...common,
      path: '/v1beta1/news',
      feed: 'news',
      // An item may be about anything that trades.
      markets,
      wire: byContentType({ json: newsJsonEncoder(), msgpack: newsMsgpackEncoder() }, newsReaders, options, {
        channels: newsChannels,
        symbols: pairShape,
        foreign: 'wrong-channel',
      }),
    },
    {
      ...common,
      path: '/stream',
      feed: tradingFeed,
      markets: [],
      manners: tradingManners(manners),
      wire: chosen((encoding) => tradingWire(encoding)),
    },
  ];
}

/** The feed of `/stream`: no data, so every plan has it. */
export const tradingFeed = 'trading';
export const optionFeeds = ['indicative', 'opra'] as const;

type Common = Pick<Stream, 'lag' | 'house' | 'manners' | 'credentials'>;

function stockStreams(options: Options, common: Common): readonly Stream[] {
  const encoders = { json: jsonEncoder(), msgpack: msgpackEncoder() };
  const wires = (channels: readonly WireChannel[]): Stream['wire'] =>
    byContentType(encoders, stockReaders, options, { channels, symbols: tickerShape, foreign: 'bad-syntax' });
  const stocks = { ...common, markets: ['stocks'], wire: wires(stockChannels) } as const;
  return [
    { ...stocks, path: '/v2/iex', feed: 'iex' },
    { ...stocks, path: '/v2/sip', feed: 'sip' },
    { ...stocks, path: '/v2/delayed_sip', feed: 'delayed_sip', lag: options.delayedLag },
    { ...stocks, path: '/v1beta1/boats', feed: 'boats' },
    { ...stocks, path: '/v1beta1/overnight', feed: 'overnight' },
    { ...stocks, path: '/v2/test', feed: 'test', house: fakepaca(), wire: wires(testChannels) },
  ];
}

/** Alpaca's own venue and the two of Kraken play the same tape. */
function cryptoStreams(options: Options, common: Common): readonly Stream[] {
  const wire = byContentType({ json: cryptoJsonEncoder(), msgpack: cryptoMsgpackEncoder() }, cryptoReaders, options, {
    channels: cryptoChannels,
    symbols: pairShape,
    foreign: 'wrong-channel',
  });
  return ['us', 'us-1', 'eu-1'].map((place) => ({
    ...common,
    path: `/v1beta3/crypto/${place}`,
    feed: 'crypto',
    markets: ['crypto'],
    wire,
  }));
}

/**
 * MessagePack whatever the upgrade asks for, because the C# SDK cannot ask and expects it all the same (sheet §2.2). JSON of the
 * client is refused with 412 (documented), message by message; that the connection stays open is inferred from the other refusals.
 */
function optionStreams(options: Options, common: Common): readonly Stream[] {
  const reading: Reading = {
    channels: optionChannels,
    symbols: tickerShape,
    foreign: 'wrong-channel',
    only: 'msgpack',
    emptySubscribe: options.emptySubscribe,
  };
  const wire = wireOf('msgpack', optionMsgpackEncoder(), optionReaders, options, reading);
  return optionFeeds.map((feed) => ({
    ...common,
    path: `/v1beta1/${feed}`,
    feed,
    markets: ['options'],
    wire: () => wire,
  }));
}

function byContentType(
  encoders: Encoders,
  readers: Readers,
  options: Options,
  reading: Omit<Reading, 'emptySubscribe'>,
): Stream['wire'] {
  const { emptySubscribe } = options;
  return chosen((encoding) => wireOf(encoding, encoders[encoding], readers, options, { ...reading, emptySubscribe }));
}

/** The Content-Type of the upgrade request chooses the encoding of both directions (sheet §2.2). */
function chosen(make: (encoding: Encoding) => Wire): Stream['wire'] {
  const wires = { json: make('json'), msgpack: make('msgpack') };
  return (headers) => {
    const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    return mediaType === 'application/msgpack' ? wires.msgpack : wires.json;
  };
}

function wireOf(encoding: Encoding, encoder: Encoder, readers: Readers, options: Options, reading: Reading): Wire {
  const ack = options.ack !== 'auto' ? options.ack : encoding === 'json' ? 'compact' : 'full';
  return {
    encoder,
    decode: (message) => decode(message, reading),
    notice: (notice) => noticeFrames(notice, encoding, reading.channels, ack),
    hear: ear(readers),
  };
}
