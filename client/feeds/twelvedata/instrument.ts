import type { Market } from '../../../market/event.ts';
import type { Fields } from '../feed.ts';

/** What is said of an instrument, in a price as in the `meta` of a series (sheet §3 and §5). */
export interface Instrument {
  readonly market: Market;
  readonly exchange: string | undefined;
  readonly mic: string | undefined;
  readonly currency: string | undefined;
  readonly baseCurrency: string | undefined;
  readonly quoteCurrency: string | undefined;
  readonly instrument: string | undefined;
}

/** Kinds of instruments that are no stock. Logs have them in capitals with underscores, too (sheet §3, success item). */
const markets: Readonly<Record<string, Market>> = {
  'physical currency': 'forex',
  'digital currency': 'crypto',
  index: 'indices',
};

/** `otherwise`: the market when nothing tells it. */
export function instrumentOf(fields: Fields, otherwise: Market): Instrument {
  const instrument = fields.maybeText('type');
  const baseCurrency = fields.maybeText('currency_base');
  const exchange = fields.maybeText('exchange');
  return {
    market: marketOf(instrument, exchange, baseCurrency, otherwise),
    exchange,
    mic: fields.maybeText('mic_code'),
    currency: fields.maybeText('currency'),
    baseCurrency,
    quoteCurrency: fields.maybeText('currency_quote'),
    instrument,
  };
}

function marketOf(type = '', exchange: string | undefined, base: string | undefined, otherwise: Market): Market {
  const told = markets[type.toLowerCase().replaceAll('_', ' ')];
  if (told !== undefined) return told;
  // Only pairs have two currencies, and only currencies are of this exchange.
  if (base !== undefined && exchange !== undefined)
    return exchange.toUpperCase() === 'PHYSICAL CURRENCY' ? 'forex' : 'crypto';
  return type === '' ? otherwise : 'stocks';
}
