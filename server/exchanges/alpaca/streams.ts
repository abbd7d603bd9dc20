import type { z } from 'zod';
import type { Encoder, Manners, Stream, Wire } from '../exchange.ts';
import { stockChannels, testChannels, type WireChannel } from './channels.ts';
import { headerCredentials } from './credentials.ts';
import { decode } from './decode.ts';
import { fakepaca } from './fakepaca.ts';
import { jsonEncoder } from './json-encoder.ts';
import { msgpackEncoder } from './msgpack-encoder.ts';
import { noticeFrames } from './notice.ts';
import type { alpacaOptions } from './options.ts';

type Options = z.output<typeof alpacaOptions>;

/** The stock streams (sheet §1). A path is a feed; all of them talk alike. */
export function stockStreams(options: Options): readonly Stream[] {
  const encoders = { json: jsonEncoder(), msgpack: msgpackEncoder() };
  const stocks = wires(options, encoders, stockChannels);
  const common = {
    markets: ['stocks'],
    lag: 0n,
    house: undefined,
    manners: mannersOf(options),
    wire: stocks,
    credentials: headerCredentials,
  } as const;
  return [
    { ...common, path: '/v2/iex', feed: 'iex' },
    { ...common, path: '/v2/sip', feed: 'sip' },
    { ...common, path: '/v2/delayed_sip', feed: 'delayed_sip', lag: options.delayedLag },
    { ...common, path: '/v1beta1/boats', feed: 'boats' },
    { ...common, path: '/v1beta1/overnight', feed: 'overnight' },
    { ...common, path: '/v2/test', feed: 'test', house: fakepaca(), wire: wires(options, encoders, testChannels) },
  ];
}

/** The Content-Type of the upgrade request chooses the encoding of both directions (sheet §2.2). */
function wires(
  options: Options,
  encoders: Readonly<Record<'json' | 'msgpack', Encoder>>,
  channels: readonly WireChannel[],
): Stream['wire'] {
  const reading = { channels, emptySubscribe: options.emptySubscribe };
  const wire = (encoding: 'json' | 'msgpack'): Wire => {
    const ack = options.ack !== 'auto' ? options.ack : encoding === 'json' ? 'compact' : 'full';
    return {
      encoder: encoders[encoding],
      decode: (message) => decode(message, reading),
      notice: (notice) => noticeFrames(notice, encoding, channels, ack),
    };
  };
  const json = wire('json');
  const msgpack = wire('msgpack');
  return (headers) => {
    const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    return mediaType === 'application/msgpack' ? msgpack : json;
  };
}

function mannersOf(options: Options): Manners {
  const { afterAuthError, serverPing, deflateFrom } = options;
  return {
    greets: true,
    loginDeadline: options.authDeadline,
    dropAfter: {
      'login-timeout': 0n,
      'slow-client': 0n,
      ...(afterAuthError['402'] === 'never' ? {} : { 'bad-key': afterAuthError['402'] }),
      ...(afterAuthError['406'] === 'never' ? {} : { 'too-many-sessions': afterAuthError['406'] }),
      ...(afterAuthError['409'] === 'never' ? {} : { 'not-in-plan': afterAuthError['409'] }),
    },
    ping: serverPing === 'off' ? undefined : serverPing,
    closeFrames: options.closeFrames === 'clean',
    ghost: options.slotRelease,
    // The incumbent is untouched (measured LIVE §8.1).
    evicts: 'newest',
    deflateFrom: deflateFrom === 'off' ? undefined : deflateFrom,
  };
}
