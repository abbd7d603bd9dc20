import type { Market } from '../../../market/event.ts';
import { type Encoder, openings, snippet } from '../exchange.ts';
import { jsonEncoder } from './json-encoder.ts';
import { nanos, opening } from './json-fields.ts';
import type { PolygonOptions } from './options.ts';
import { decimalsOf, tradedBars } from './stock-json.ts';
import { prefixedTicker } from './symbols.ts';

const t = snippet(',"t":');
const openValue = snippet('{"ev":"LV","val":');

/** Spells what Launchpad has of a market: minute bars and last values, the ticker with its prefix (sheet §4, §5). */
export function launchpadEncoder(market: Market, options: PolygonOptions): Encoder {
  const ticker = (symbol: string): string => prefixedTicker(market, symbol);
  const openMinute = opening('AM', 'sym', ticker);
  const valueTicker = openings((symbol) => `,"sym":${JSON.stringify(ticker(symbol))}`);
  const bars = tradedBars(market, market === 'stocks' ? decimalsOf(options) : () => false);
  return jsonEncoder(`launchpad ${market}`, {
    bar: (event, shift, out) => bars(openMinute, event, shift, out),
    price: (event, shift, out) => {
      out.put(openValue);
      out.number(event.price);
      valueTicker(event.symbol, out);
      nanos(t, event.at + shift, out);
      out.u8(0x7d);
    },
  });
}
