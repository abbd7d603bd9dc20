import type { Bar } from '../../../market/event.ts';
import { type Encoder, snippet } from '../exchange.ts';
import { exchangeId } from './codes.ts';
import { jsonEncoder, type Word } from './json-encoder.ts';
import { fairValueWord, maybe, millis, opening, prices, span, whole } from './json-fields.ts';
import { wireTicker } from './symbols.ts';

const key = {
  x: snippet(',"x":'),
  a: snippet(',"a":'),
  b: snippet(',"b":'),
  t: snippet(',"t":'),
  v: snippet(',"v":'),
};

/** Spells forex events: quotes without sizes under `p`, bars under `pair`, whose volume counts quotes (sheet §5). */
export function forexEncoder(): Encoder {
  const ticker = (symbol: string): string => wireTicker('forex', symbol);
  const openQuote = opening('C', 'p', ticker);
  const bars = (ev: 'CAS' | 'CA'): Word<Bar> => {
    const open = opening(ev, 'pair', ticker);
    return (event, shift, out) => {
      open(event.symbol, out);
      prices(event, out);
      whole(key.v, event.volume, out);
      span(event, shift, out);
      out.u8(0x7d);
    };
  };
  return jsonEncoder('forex', {
    quote: (event, shift, out) => {
      openQuote(event.symbol, out);
      maybe(key.x, exchangeId('forex', event.bidExchange ?? event.askExchange), out);
      maybe(key.a, event.askPrice, out);
      maybe(key.b, event.bidPrice, out);
      millis(key.t, event.at + shift, out);
      out.u8(0x7d);
    },
    secondBar: bars('CAS'),
    bar: bars('CA'),
    fairValue: fairValueWord('forex'),
  });
}
