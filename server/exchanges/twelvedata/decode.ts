import { z } from 'zod';
import type { Command, Wish } from '../exchange.ts';
import type { Directory } from './instruments.ts';

/** What a client may say of an instrument; a member that is no text counts as left out. */
const said = z.string().optional().catch(undefined);
const extended = z.object({ symbol: z.string(), exchange: said, mic_code: said, country: said, type: said });

/** Reads one client message (sheet §2). Never throws. */
export function decode(message: Buffer, directory: Directory): Command {
  let words: unknown;
  try {
    words = JSON.parse(message.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'nonsense', why: 'bad-syntax' };
    throw error;
  }
  const { action, params } = members(words);
  switch (action) {
    case 'subscribe':
      return { kind: 'subscribe', to: wishesOf(params, directory) };
    case 'unsubscribe':
      return { kind: 'unsubscribe', from: wishesOf(params, directory) };
    case 'reset':
      return { kind: 'reset' };
    case 'heartbeat':
      return { kind: 'ping' };
    default:
      return { kind: 'nonsense', why: 'unknown-action' };
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** One wish for each symbol that is named, in the order of the request, each once. None when the request names none. */
function wishesOf(params: unknown, directory: Directory): readonly Wish[] {
  const { symbols } = members(params);
  const named: readonly unknown[] = typeof symbols === 'string' ? [symbols] : Array.isArray(symbols) ? symbols : [];
  const wishes = new Map<string, Wish>();
  for (const item of named) {
    // The JavaScript SDK sends a list of texts as one text; others may send the list.
    const each =
      typeof item === 'string'
        ? item.split(',').map((text) => wishOfText(text.trim(), directory))
        : [wishOfObject(item, directory)];
    for (const wish of each) if (wish !== undefined) wishes.set(JSON.stringify([wish.spelt, wish.refused]), wish);
  }
  return [...wishes.values()];
}

/** `AAPL`, `AAPL:NASDAQ`, `EUR/USD`, `BTC/USD:Binance`. */
function wishOfText(text: string, directory: Directory): Wish | undefined {
  if (text === '') return undefined;
  const colon = text.indexOf(':');
  if (colon < 0) return wishFor(text, text, true);
  const symbol = text.slice(0, colon);
  return wishFor(symbol, text, directory.fits(symbol, { exchange: text.slice(colon + 1) }));
}

function wishOfObject(item: unknown, directory: Directory): Wish {
  const read = extended.safeParse(item);
  if (!read.success) return wishFor('', '', false);
  const { symbol, exchange, mic_code: mic, country, type } = read.data;
  return wishFor(symbol, symbol, directory.fits(symbol, { exchange, mic, country, type }));
}

/** Nobody hears of all symbols: `*` is a symbol that does not exist. */
function wishFor(symbol: string, spelt: string, exists: boolean): Wish {
  const told = { channels: ['price'], symbols: [symbol], spelt } as const;
  return exists && symbol !== '' && symbol !== '*' ? told : { ...told, refused: 'unknown-symbol' };
}
