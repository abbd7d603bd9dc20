import type { Bar } from '../../../market/event.ts';
import { type Encoder, openings, snippet } from '../exchange.ts';
import { jsonEncoder, type Word } from './json-encoder.ts';
import { maybe, millis, opening, prices, span } from './json-fields.ts';
import { wireTicker } from './symbols.ts';

const key = { op: snippet(',"op":'), t: snippet(',"t":') };
const openValue = snippet('{"ev":"V","val":');

/** Spells index events: values, and bars of them without volumes (sheet §5). */
export function indexEncoder(): Encoder {
  const ticker = (symbol: string): string => wireTicker('indices', symbol);
  const valueTicker = openings((symbol) => `,"T":${JSON.stringify(ticker(symbol))}`);
  const bars = (ev: 'A' | 'AM'): Word<Bar> => {
    const open = opening(ev, 'sym', ticker);
    return (event, shift, out) => {
      open(event.symbol, out);
      maybe(key.op, event.dayOpen, out);
      prices(event, out);
      span(event, shift, out);
      out.u8(0x7d);
    };
  };
  return jsonEncoder('indices', {
    value: (event, shift, out) => {
      out.put(openValue);
      out.number(event.value);
      valueTicker(event.symbol, out);
      millis(key.t, event.at + shift, out);
      out.u8(0x7d);
    },
    secondBar: bars('A'),
    bar: bars('AM'),
  });
}
