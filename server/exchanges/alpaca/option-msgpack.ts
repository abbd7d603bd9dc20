import type { MarketEvent, Nanos, Quote, Trade } from '../../../market/event.ts';
import type { ByteWriter, Encoder } from '../exchange.ts';
import { opening, price, text, whole } from './msgpack-fields.ts';
import { float64, keySnippet, msgpackArray, timestampWriter } from './msgpack-writer.ts';
import { largestSize, noWord } from './neutral.ts';

const key = {
  as: keySnippet('as'),
  ax: keySnippet('ax'),
  bs: keySnippet('bs'),
  bx: keySnippet('bx'),
  c: keySnippet('c'),
  s: keySnippet('s'),
  x: keySnippet('x'),
};
const priceKey = {
  ap: keySnippet('ap', float64),
  bp: keySnippet('bp', float64),
  p: keySnippet('p', float64),
};
/** What the wire says of a venue the tape does not know: Cboe, the biggest of the option exchanges. */
const unknownVenue = 'C';

/**
 * Spells option events, which exist as MessagePack only: the time third, and the conditions one text, not a list as on the stock
 * streams (sheet §2.2, §5).
 */
export function optionMsgpackEncoder(): Encoder {
  const writeTime = timestampWriter();
  const openTrade = opening(7, 't', 't');
  const openQuote = opening(10, 'q', 't');

  function trade(event: Trade, at: Nanos, out: ByteWriter): void {
    openTrade(event.symbol, out);
    writeTime(at, out);
    price(priceKey.p, event.price, out);
    whole(key.s, event.size, largestSize, out);
    text(key.x, event.exchange ?? unknownVenue, out);
    text(key.c, event.conditions.join(''), out);
  }

  function quote(event: Quote, at: Nanos, out: ByteWriter): void {
    openQuote(event.symbol, out);
    writeTime(at, out);
    text(key.bx, event.bidExchange ?? unknownVenue, out);
    price(priceKey.bp, event.bidPrice, out);
    whole(key.bs, event.bidSize, largestSize, out);
    text(key.ax, event.askExchange ?? unknownVenue, out);
    price(priceKey.ap, event.askPrice, out);
    whole(key.as, event.askSize, largestSize, out);
    text(key.c, event.conditions.join(''), out);
  }

  return {
    name: 'alpaca options msgpack',
    ...msgpackArray,
    event(event: MarketEvent, shift: Nanos, out: ByteWriter): void {
      switch (event.kind) {
        case 'trade':
          return trade(event, event.at + shift, out);
        case 'quote':
          return quote(event, event.at + shift, out);
        case 'second-bar':
        case 'bar':
        case 'updated-bar':
        case 'daily-bar':
        case 'status':
        case 'luld':
        case 'imbalance':
        case 'correction':
        case 'cancel':
        case 'book':
        case 'value':
        case 'news':
        case 'price':
        case 'fair-value':
        case 'pricing':
          return noWord('option streams', event);
      }
    },
  };
}
