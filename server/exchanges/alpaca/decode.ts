import type { Command, Refusal, Wish } from '../exchange.ts';
import { everyChannelName, type WireChannel } from './channels.ts';
import { type Encoding, type Fields, readClientMessage, textOf } from './client-message.ts';

/**
 * Shape of a stock symbol, an option symbol or a name in the news. Existence is not checked and case is kept (sheet §4); a slash is
 * refused (measured CRY400), other foreign characters by inference.
 */
export const tickerShape = /^(?:\*|[A-Za-z0-9][A-Za-z0-9._-]{0,31})$/;
/** Shape of a crypto pair: `BTC/USD`. One written without its slash is accepted and stays silent, by inference. */
export const pairShape = /^(?:\*|[A-Za-z0-9][A-Za-z0-9._/-]{0,31})$/;

/** What a stream makes of client messages. */
export interface Reading {
  readonly channels: readonly WireChannel[];
  readonly symbols: RegExp;
  /**
   * How a request that names only channels of other streams is refused: 400 on the stock streams (measured), 410 on the others
   * (documented; sheet §3).
   */
  readonly foreign: 'bad-syntax' | 'wrong-channel';
  /** The only encoding it takes; absent: both. */
  readonly only?: Encoding;
  /** `400`: a request that names no symbol of any known channel is refused; `ack`: it is answered with the current state. */
  readonly emptySubscribe: '400' | 'ack';
}

/** Reads one client message. Never throws. */
export function decode(message: Buffer, reading: Reading): Command {
  const read = readClientMessage(message);
  if (read === undefined) return nonsense('bad-syntax');
  const { encoding, fields } = read;
  if (reading.only !== undefined && encoding !== reading.only) return nonsense('wrong-encoding');
  const action = fields.get('action');
  if (action === 'auth') {
    // Absent credentials are answered like wrong ones (sheet §3, measured LIVE §8.3), so they become a login nobody can pass.
    return { kind: 'login', credentials: { key: textOf(fields.get('key')), secret: textOf(fields.get('secret')) } };
  }
  if (action !== 'subscribe' && action !== 'unsubscribe') return nonsense('bad-syntax');
  const named = wishesOf(fields, reading);
  if (typeof named === 'string') return nonsense(named);
  if (action === 'unsubscribe') return { kind: 'unsubscribe', from: named };
  const starred = named.some(
    ({ channels, symbols }) =>
      symbols.includes('*') &&
      reading.channels.some(({ brings, star }) => brings[0] === channels[0] && star === 'refused'),
  );
  return starred ? nonsense('no-wildcard') : { kind: 'subscribe', to: named };
}

/**
 * The channels a request names, or why it is refused as a whole. Nil, empty and foreign channels count for nothing beside one of
 * ours: the Go SDK always sends those of every product (sheet §4).
 */
function wishesOf(fields: Fields, reading: Reading): Wish[] | Refusal {
  const named: Wish[] = [];
  for (const { name, brings, asked } of reading.channels) {
    const value = fields.get(name) ?? [];
    if (asked === 'with-trades') continue;
    if (!Array.isArray(value)) return 'bad-syntax';
    const symbols: string[] = [];
    for (const symbol of value) {
      if (typeof symbol !== 'string' || !reading.symbols.test(symbol)) return 'bad-syntax';
      symbols.push(symbol);
    }
    if (symbols.length > 0) named.push({ channels: brings, symbols });
  }
  if (named.length > 0) return named;
  if (reading.foreign === 'wrong-channel' && namesForeign(fields, reading)) return 'wrong-channel';
  return reading.emptySubscribe === '400' ? 'bad-syntax' : named;
}

function namesForeign(fields: Fields, { channels }: Reading): boolean {
  const own = new Set(channels.map(({ name }) => name));
  return everyChannelName.some((name) => {
    const value = fields.get(name);
    return !own.has(name) && Array.isArray(value) && value.length > 0;
  });
}

const nonsense = (why: Refusal): Command => ({ kind: 'nonsense', why });
