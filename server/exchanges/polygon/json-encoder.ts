import type {
  Bar,
  Book,
  FairValue,
  Imbalance,
  Luld,
  MarketEvent,
  Nanos,
  Price,
  Quote,
  Trade,
  Value,
} from '../../../market/event.ts';
import { type ByteWriter, type Encoder, jsonArray } from '../exchange.ts';

/** Writes one event of a kind; all its times are moved by `shift`. */
export type Word<Event> = (event: Event, shift: Nanos, out: ByteWriter) => void;

/** A word for every kind of event that Polygon speaks of. */
export interface Words {
  readonly trade: Word<Trade>;
  readonly quote: Word<Quote>;
  readonly secondBar: Word<Bar>;
  readonly bar: Word<Bar>;
  readonly luld: Word<Luld>;
  readonly imbalance: Word<Imbalance>;
  readonly book: Word<Book>;
  readonly value: Word<Value>;
  readonly price: Word<Price>;
  readonly fairValue: Word<FairValue>;
}

/** Bytes of an event at most, but for books. */
const longestEvent = 1100;
/** The Go SDK reads no frame of more (sheet §2). */
export const longestFrame = 1_000_000;

/** An encoder of JSON arrays with the words of one cluster; `longest` is how many bytes an event may have. */
export function jsonEncoder(cluster: string, words: Partial<Words>, longest: number = longestEvent): Encoder {
  const noWord: Word<MarketEvent> = ({ kind }) => {
    throw new RangeError(`Polygon's cluster ${cluster} has no word for a ${kind}; subscribe none of that kind.`);
  };
  const all: Words = {
    trade: noWord,
    quote: noWord,
    secondBar: noWord,
    bar: noWord,
    luld: noWord,
    imbalance: noWord,
    book: noWord,
    value: noWord,
    price: noWord,
    fairValue: noWord,
    ...words,
  };
  return {
    name: `polygon ${cluster} json`,
    mostEvents: Math.floor(longestFrame / (longest + 1)) - 1,
    ...jsonArray,
    event(event, shift, out): void {
      switch (event.kind) {
        case 'trade':
          return all.trade(event, shift, out);
        case 'quote':
          return all.quote(event, shift, out);
        case 'second-bar':
          return all.secondBar(event, shift, out);
        case 'bar':
        case 'updated-bar':
          return all.bar(event, shift, out);
        case 'luld':
          return all.luld(event, shift, out);
        case 'imbalance':
          return all.imbalance(event, shift, out);
        case 'book':
          return all.book(event, shift, out);
        case 'value':
          return all.value(event, shift, out);
        case 'price':
          return all.price(event, shift, out);
        case 'fair-value':
          return all.fairValue(event, shift, out);
        case 'daily-bar':
        case 'status':
        case 'correction':
        case 'cancel':
        case 'news':
        case 'pricing':
          return noWord(event, shift, out);
      }
    },
  };
}
