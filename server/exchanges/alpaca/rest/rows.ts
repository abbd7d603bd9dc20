import { type MarketEvent, type Nanos, type News, type Quote, type Trade } from '../../../../market/event.ts';
import { ByteWriter, type Encoder, snippet } from '../../exchange.ts';
import { cryptoJsonEncoder } from '../crypto-json.ts';
import { jsonEncoder } from '../json-encoder.ts';
import { bareOpening } from '../json-fields.ts';
import { largestSize, noWord, wholeUpTo } from '../neutral.ts';
import { newsJsonEncoder } from '../news-json.ts';

/** Writes one row of an answer, its times moved by `shift`. */
export type RowWriter<Entry> = (entry: Entry, shift: Nanos, out: ByteWriter) => void;

const brace = 0x7b;

/** Rows as the stream spells them, without the type and the symbol. */
const bareRows =
  (encoder: Encoder): RowWriter<MarketEvent> =>
  (event, shift, out) =>
    encoder.event(event, shift, out);

export const stockRows = (): RowWriter<MarketEvent> => bareRows(jsonEncoder(bareOpening));
export const cryptoRows = (): RowWriter<MarketEvent> => bareRows(cryptoJsonEncoder(bareOpening));

/** Bars of options are spelled like those of stocks; trades and quotes have their own form, on the stream MessagePack only (sheet §5). */
export function optionRows(): RowWriter<MarketEvent> {
  const bars = stockRows();
  return (event, shift, out) => {
    if (event.kind === 'trade') optionTrade(event, event.at + shift, out);
    else if (event.kind === 'quote') optionQuote(event, event.at + shift, out);
    else if (event.kind === 'bar' || event.kind === 'daily-bar') bars(event, shift, out);
    else noWord('option history', event);
  };
}

const key = {
  t: snippet('{"t":"'),
  p: snippet('","p":'),
  s: snippet(',"s":'),
  x: snippet(',"x":'),
  c: snippet(',"c":'),
  bx: snippet('","bx":'),
  bp: snippet(',"bp":'),
  bs: snippet(',"bs":'),
  ax: snippet(',"ax":'),
  ap: snippet(',"ap":'),
  as: snippet(',"as":'),
};
/** As on the stream: Cboe, the biggest of the option exchanges. */
const unknownVenue = 'C';

function optionTrade(event: Trade, at: Nanos, out: ByteWriter): void {
  out.put(key.t);
  out.rfc3339(at);
  out.put(key.p);
  out.number(event.price);
  out.put(key.s);
  out.number(wholeUpTo(largestSize, event.size));
  out.put(key.x);
  out.jsonString(event.exchange ?? unknownVenue);
  out.put(key.c);
  out.jsonString(event.conditions.join(''));
  out.u8(0x7d);
}

function optionQuote(event: Quote, at: Nanos, out: ByteWriter): void {
  out.put(key.t);
  out.rfc3339(at);
  out.put(key.bx);
  out.jsonString(event.bidExchange ?? unknownVenue);
  out.put(key.bp);
  out.number(event.bidPrice);
  out.put(key.bs);
  out.number(wholeUpTo(largestSize, event.bidSize));
  out.put(key.ax);
  out.jsonString(event.askExchange ?? unknownVenue);
  out.put(key.ap);
  out.number(event.askPrice);
  out.put(key.as);
  out.number(wholeUpTo(largestSize, event.askSize));
  out.put(key.c);
  out.jsonString(event.conditions.join(''));
  out.u8(0x7d);
}

/** One print of an auction, with the one condition that says it is one. */
export function auctionRow(event: Trade, condition: string, at: Nanos, out: ByteWriter): void {
  out.ascii('{"c":');
  out.jsonString(condition);
  out.ascii(',"p":');
  out.number(event.price);
  out.put(key.s);
  out.number(wholeUpTo(largestSize, event.size));
  out.ascii(',"t":"');
  out.rfc3339(at);
  out.ascii('","x":');
  out.jsonString(event.exchange ?? 'V');
  out.u8(0x7d);
}

/** Items as on the stream, with the list of images that only REST has. No tape holds any. */
export function newsRows(): RowWriter<News> {
  const encoder = newsJsonEncoder();
  const scratch = new ByteWriter(1 << 14);
  const head = '{"T":"n",'.length;
  return (item, shift, out) => {
    scratch.length = 0;
    encoder.event(item, shift, scratch);
    out.u8(brace);
    out.range(scratch.bytes, head, scratch.length - 1);
    out.ascii(',"images":[]}');
  };
}
