import type { Market, Price } from '../../../market/event.ts';
import { second } from '../../../market/nanos.ts';
import { type Heard, heardInJson, type Reader, type Readers, type Said } from '../exchange.ts';

/** Kinds of instruments in the vendor's words that are of another market than stocks (sheet §3). */
const marketsByType: Readonly<Record<string, Market>> = {
  'physical currency': 'forex',
  'digital currency': 'crypto',
  index: 'indices',
};

/** One object a frame, its kind in `event` (sheet §3). */
export const hear = (message: Buffer): readonly Heard[] => heardInJson(message, 'event', readers);

/** Replies to subscriptions, heartbeats and what is said before an end (sheet §2). */
const answers = ['subscribe-status', 'unsubscribe-status', 'reset-status', 'heartbeat', 'message-processing'];
const readers: Readers = new Map<string, Reader | 'answer'>([
  ...answers.map((answer): [string, 'answer'] => [answer, 'answer']),
  ['price', price],
]);

function price(said: Said): Price {
  const symbol = said.text('symbol');
  const instrument = said.maybeText('type');
  return {
    kind: 'price',
    market: marketsByType[instrument?.toLowerCase() ?? ''] ?? (symbol.includes('/') ? 'forex' : 'stocks'),
    symbol,
    // Whole seconds (sheet §3).
    at: said.since1970('timestamp', second),
    price: said.number('price'),
    bidPrice: said.maybeNumber('bid'),
    askPrice: said.maybeNumber('ask'),
    dayVolume: said.maybeNumber('day_volume'),
    exchange: said.maybeText('exchange'),
    mic: said.maybeText('mic_code'),
    currency: said.maybeText('currency'),
    baseCurrency: said.maybeText('currency_base'),
    quoteCurrency: said.maybeText('currency_quote'),
    instrument,
  };
}
