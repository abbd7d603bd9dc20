import type { Market, MarketEvent } from '../../../market/event.ts';
import { type Fields, Unreadable } from '../feed.ts';
import {
  bar,
  book,
  cancel,
  correction,
  type EventReader,
  imbalance,
  luld,
  news,
  pricing,
  quote,
  status,
  trade,
} from './events.ts';

/** What a `T` announces (sheet §5). `c` is a correction and `x` a cancel, whatever they mean within a trade. */
const readers = new Map<string, EventReader>([
  ['t', trade],
  ['q', quote],
  ['b', bar('bar')],
  ['u', bar('updated-bar')],
  ['d', bar('daily-bar')],
  ['s', status],
  ['l', luld],
  ['i', imbalance],
  ['c', correction],
  ['x', cancel],
  ['o', book],
  ['p', pricing],
]);

/** The event that an element of the stream tells; `undefined` when it is about the connection. Throws `Unreadable`. */
export function eventIn(market: Market, said: Fields): MarketEvent | undefined {
  const type = said.text('T');
  if (type === 'n') return news(said);
  const read = readers.get(type);
  if (read === undefined) return undefined;
  const symbol = said.text('S');
  if (symbol === '') throw new Unreadable('S is empty');
  return read(market, symbol, said);
}
