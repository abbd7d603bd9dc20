import type { MarketEvent, Nanos } from '../../../market/event.ts';
import type { ByteWriter, Encoder } from '../exchange.ts';
import { text, texts } from './msgpack-fields.ts';
import { keySnippet, msgpackArray, timestampWriter, writeMap, writeWhole } from './msgpack-writer.ts';
import { noWord } from './neutral.ts';
import { numericTradeId } from './trade-id.ts';

const key = {
  T: keySnippet('T'),
  id: keySnippet('id'),
  headline: keySnippet('headline'),
  summary: keySnippet('summary'),
  author: keySnippet('author'),
  createdAt: keySnippet('created_at'),
  updatedAt: keySnippet('updated_at'),
  url: keySnippet('url'),
  content: keySnippet('content'),
  symbols: keySnippet('symbols'),
  source: keySnippet('source'),
};

/** Spells news as MessagePack; its times are timestamps too, not text (sheet §2.2). */
export function newsMsgpackEncoder(): Encoder {
  const writeTime = timestampWriter();
  return {
    name: 'alpaca news msgpack',
    ...msgpackArray,
    event(event: MarketEvent, shift: Nanos, out: ByteWriter): void {
      if (event.kind !== 'news') return noWord('news stream', event);
      writeMap(11, out);
      text(key.T, 'n', out);
      out.put(key.id);
      writeWhole(numericTradeId(event.id), out);
      text(key.headline, event.headline, out);
      text(key.summary, event.summary, out);
      text(key.author, event.author, out);
      out.put(key.createdAt);
      writeTime((event.createdAt ?? event.at) + shift, out);
      out.put(key.updatedAt);
      writeTime(event.updatedAt + shift, out);
      text(key.url, event.url, out);
      text(key.content, event.content, out);
      texts(key.symbols, event.symbols, out);
      text(key.source, event.source, out);
    },
  };
}
