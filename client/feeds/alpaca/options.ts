import { z } from 'zod';
import { streamNames, streams } from './streams.ts';
import type { Encoding } from './messages.ts';

export const alpacaOptions = z
  .strictObject({
    vendor: z.literal('alpaca'),
    stream: z.enum(streamNames).default('iex').meta({
      description: 'Which of Alpaca’s streams: a feed of stocks, a place of crypto, a feed of options, or the news.',
    }),
    encoding: z.enum(['json', 'msgpack']).optional().meta({
      description: 'How messages are encoded. JSON unless the stream has MessagePack only, as those of options.',
    }),
    login: z
      .enum(['message', 'headers'])
      .default('message')
      .meta({ description: 'Whether the key is shown in a message once connected, or in headers of the upgrade.' }),
    streamUrl: z
      .url({ protocol: /^wss?$/ })
      .default('wss://stream.data.alpaca.markets')
      .meta({
        description: 'Where the streams are, without their path: the sandbox, or a mock such as ws://127.0.0.1:8765.',
      }),
    historyUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({
        description:
          'Where REST answers, without its path. By default at the host of streamUrl, or at its namesake without “stream.”: data.alpaca.markets.',
      }),
  })
  .refine(({ stream, encoding }) => streams[stream].market !== 'options' || encoding !== 'json', {
    // [D DOPT], code 412.
    error: 'Alpaca sends options in MessagePack only; use encoding: msgpack, or leave it out',
    path: ['encoding'],
  });

export type AlpacaOptions = z.output<typeof alpacaOptions>;

export const encodingOf = ({ stream, encoding }: AlpacaOptions): Encoding =>
  encoding ?? (streams[stream].market === 'options' ? 'msgpack' : 'json');

/** Alpaca's hosts of streams are those of REST with `stream.` before; a mock answers both at one. */
export function historyUrlOf({ streamUrl, historyUrl }: AlpacaOptions): string {
  if (historyUrl !== undefined) return historyUrl;
  const url = new URL(streamUrl);
  return `${url.protocol === 'wss:' ? 'https:' : 'http:'}//${url.host.replace(/^stream\./, '')}${url.pathname}`;
}

/** A path below a base, whether or not that ends in a slash. */
export const under = (base: string, path: string): string => base.replace(/\/+$/, '') + path;
