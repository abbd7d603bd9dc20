import type { Bar, Nanos, Price, Quote, Trade } from '../../../market/event.ts';
import { hour, modulo } from '../../../market/nanos.ts';
import type { CopyWriter } from '../../../migrations/copy-writer.ts';
import type { Batch } from '../sink.ts';
import { barDetail, type DetailedEvent, detailOf, quoteDetail, tradeDetail } from './detail.ts';
import { layouts, timeframes } from './tables.ts';

/** What identifies an event among those of its instant, symbol and channel. */
export interface Identity {
  readonly dataSource: string;
  readonly key: string;
  readonly ordinal: number;
}

const cellsOf = {
  event: layouts.websocket_data.length,
  bar: layouts.market_data.length,
  price: layouts.realtime_market_data.length,
};

/** A row of `websocket_data`. Throws a `RangeError` for what its columns cannot hold, as all of these do. */
export function writeTrade(rows: CopyWriter, trade: Trade, identity: Identity): void {
  begin(rows, trade, identity);
  rows.text(trade.id);
  rows.int8(trade.sequence);
  rows.text(trade.exchange);
  rows.texts(trade.conditions);
  rows.text(trade.tape);
  rows.float8(trade.price);
  rows.float8(trade.size);
  rows.nulls(6); // bid and ask
  rows.int4s([]);
  rows.int8(trade.participantAt);
  rows.int4(trade.trfId);
  rows.int8(trade.trfAt);
  rows.text(trade.taker);
  rows.json(tradeDetail(trade));
}

export function writeQuote(rows: CopyWriter, quote: Quote, identity: Identity): void {
  begin(rows, quote, identity);
  rows.nulls(1); // event_id
  rows.int8(quote.sequence);
  rows.nulls(1); // exchange
  rows.texts(quote.conditions);
  rows.text(quote.tape);
  rows.nulls(2); // price and size
  rows.float8(quote.bidPrice);
  rows.float8(quote.bidSize);
  rows.text(quote.bidExchange);
  rows.float8(quote.askPrice);
  rows.float8(quote.askSize);
  rows.text(quote.askExchange);
  rows.int4s(quote.indicators);
  rows.int8(quote.participantAt);
  rows.nulls(3); // trf and taker
  rows.json(quoteDetail(quote));
}

/** The row of an event that is kept whole in `detail`. */
export function writeDetailed(rows: CopyWriter, event: DetailedEvent, identity: Identity): void {
  begin(rows, event, identity);
  rows.nulls(3);
  rows.texts([]);
  rows.nulls(9);
  rows.int4s([]);
  rows.nulls(4);
  rows.json(detailOf(event));
}

function begin(rows: CopyWriter, event: Trade | Quote | DetailedEvent, identity: Identity): void {
  rows.row(cellsOf.event);
  rows.instant(event.at);
  rows.int2(Number(modulo(event.at, 1000n)));
  rows.text(event.symbol);
  rows.text(event.market);
  rows.text(event.kind);
  rows.text(identity.dataSource);
  rows.text(identity.key);
  rows.int4(identity.ordinal);
}

/** A row of `realtime_market_data`, which has no column for the key: its ordinal says both, so that only equal prices of a second collide. */
export function writePrice(rows: CopyWriter, price: Price, { dataSource, key, ordinal }: Identity): void {
  rows.row(cellsOf.price);
  rows.instant(price.at);
  rows.int2(Number(modulo(price.at, 1000n)));
  rows.text(price.symbol);
  rows.text(price.market);
  rows.text(dataSource);
  rows.int4(((Buffer.from(key, 'base64url').readUInt32BE() >>> 1) + ordinal) % 2 ** 31);
  rows.float8(price.bidPrice);
  rows.float8(price.askPrice);
  rows.float8(price.price);
  rows.float8(price.dayVolume);
}

/**
 * By how much the first word on a bucket counts as older than it is: a late copy of it then does not undo a correction, nor what history
 * said. More than any stream delays a bar, or repeats it after.
 */
const firstWord: Nanos = hour;

/** A row of `market_data`. `arrival` says when it was heard; of two statements on a bucket the later one stands. */
export function writeBar(rows: CopyWriter, bar: Bar, { dataSource, origin, heardAt }: Batch, position: number): void {
  const { name, span } = timeframes[bar.kind];
  const delay = bar.at - bar.start - span;
  const unfinished = bar.at > heardAt;
  const isFirstWord =
    bar.kind === 'daily-bar' || bar.kind === 'updated-bar' ? false : origin === 'stream' || unfinished;
  rows.row(cellsOf.bar);
  rows.instant(bar.start);
  rows.text(bar.symbol);
  rows.text(bar.market);
  rows.text(name);
  rows.text(dataSource);
  rows.float8(bar.open);
  rows.float8(bar.high);
  rows.float8(bar.low);
  rows.float8(bar.close);
  rows.float8(bar.volume);
  rows.int8(bar.trades);
  rows.float8(bar.vwap);
  rows.int8(delay > 0n && delay < span ? delay : undefined);
  rows.json(barDetail(bar));
  rows.int8(heardAt - (isFirstWord ? firstWord : 0n) + BigInt(position));
}
