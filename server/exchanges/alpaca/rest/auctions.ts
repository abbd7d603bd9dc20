import type { MarketEvent, Nanos, Trade } from '../../../../market/event.ts';
import type { ByteWriter, Leaf } from '../../exchange.ts';
import { newYork } from './places.ts';
import { auctionRow } from './rows.ts';

/** Sale conditions of opening and of closing prints: of the auction itself, and of the listing market's official price. */
const opening = new Set(['O', 'Q']);
const closing = new Set(['6', 'M']);

interface Print {
  readonly trade: Trade;
  readonly condition: string;
  readonly at: Nanos;
}

/** The auction prints of one day, in the order in which they were read. */
export interface AuctionDay {
  readonly date: string;
  /** Of the print that was read first. */
  readonly at: Nanos;
  readonly opening: Print[];
  readonly closing: Print[];
}

/** Collects auction prints by their day in New York. */
export async function* auctionDays(chapters: AsyncIterable<Leaf<MarketEvent>>): AsyncGenerator<Leaf<AuctionDay>> {
  let day: AuctionDay | undefined;
  for await (const { events, shift } of chapters) {
    const finished: AuctionDay[] = [];
    for (const event of events) {
      if (event.kind !== 'trade') continue;
      for (const condition of event.conditions) {
        if (!opening.has(condition) && !closing.has(condition)) continue;
        const at = event.at + shift;
        const date = newYork.date(at);
        if (day?.date !== date) {
          if (day !== undefined) finished.push(day);
          day = { date, at, opening: [], closing: [] };
        }
        (opening.has(condition) ? day.opening : day.closing).push({ trade: event, condition, at });
      }
    }
    if (finished.length > 0) yield { events: finished, shift: 0n };
  }
  if (day !== undefined) yield { events: [day], shift: 0n };
}

export function writeAuctionDay(day: AuctionDay, _shift: Nanos, out: ByteWriter): void {
  out.ascii(`{"d":"${day.date}","o":[`);
  writePrints(day.opening, out);
  out.ascii('],"c":[');
  writePrints(day.closing, out);
  out.ascii(']}');
}

/** Every price, exchange and condition once, with its earliest time (official OpenAPI). */
function writePrints(prints: readonly Print[], out: ByteWriter): void {
  const first = new Map<string, Print>();
  for (const print of prints) {
    const { trade, condition, at } = print;
    const name = `${trade.price} ${trade.exchange} ${condition}`;
    const known = first.get(name);
    if (known === undefined || at < known.at) first.set(name, print);
  }
  const inOrder = [...first.values()].sort((one, other) => (one.at < other.at ? -1 : 1));
  inOrder.forEach(({ trade, condition, at }, index) => {
    if (index > 0) out.u8(0x2c);
    auctionRow(trade, condition, at, out);
  });
}
