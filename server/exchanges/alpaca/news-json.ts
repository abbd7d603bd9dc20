import type { MarketEvent, Nanos } from '../../../market/event.ts';
import { type ByteWriter, type Encoder, jsonArray, snippet } from '../exchange.ts';
import { noWord } from './neutral.ts';
import { jsonTradeId } from './trade-id.ts';

const opening = snippet('{"T":"n","id":');
const key = {
  headline: snippet(',"headline":'),
  summary: snippet(',"summary":'),
  author: snippet(',"author":'),
  createdAt: snippet(',"created_at":"'),
  updatedAt: snippet('","updated_at":"'),
  url: snippet('","url":'),
  content: snippet(',"content":'),
  symbols: snippet(',"symbols":['),
  source: snippet('],"source":'),
};

/** Spells news as JSON. An item has neither `S` nor `t`: its symbols are a list, its times those of its making (sheet §5). */
export function newsJsonEncoder(): Encoder {
  return {
    name: 'alpaca news json',
    ...jsonArray,
    event(event: MarketEvent, shift: Nanos, out: ByteWriter): void {
      if (event.kind !== 'news') return noWord('news stream', event);
      out.put(opening);
      jsonTradeId(event.id, out);
      out.put(key.headline);
      out.jsonString(event.headline);
      out.put(key.summary);
      out.jsonString(event.summary);
      out.put(key.author);
      out.jsonString(event.author);
      out.put(key.createdAt);
      out.rfc3339((event.createdAt ?? event.at) + shift);
      out.put(key.updatedAt);
      out.rfc3339(event.updatedAt + shift);
      out.put(key.url);
      out.jsonString(event.url);
      out.put(key.content);
      out.jsonString(event.content);
      out.put(key.symbols);
      event.symbols.forEach((symbol, index) => {
        if (index > 0) out.u8(0x2c);
        out.jsonString(symbol);
      });
      out.put(key.source);
      out.jsonString(event.source);
      out.u8(0x7d);
    },
  };
}
