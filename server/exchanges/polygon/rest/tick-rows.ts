import type { Nanos, Quote, Trade } from '../../../../market/event.ts';
import { type ByteWriter, type Snippet, snippet } from '../../exchange.ts';
import { exchangeId, tapeId } from '../codes.ts';
import { decimal, list, maybe, nanos, whole } from '../json-fields.ts';
import type { PolygonOptions } from '../options.ts';
import { decimalsOf } from '../stock-json.ts';
import type { Place } from './markets.ts';
import { conditionsOf, lotOf, quoteConditionsOf } from './ticks.ts';

/** Writes one row of an answer, its times moved by `shift`. */
export type RowWriter<Entry> = (entry: Entry, shift: Nanos, out: ByteWriter) => void;

const key = {
  conditions: snippet(',"conditions":'),
  correction: snippet(',"correction":'),
  decimalSize: snippet(',"decimal_size":'),
  exchange: snippet(',"exchange":'),
  id: snippet(',"id":'),
  participantAt: snippet(',"participant_timestamp":'),
  price: snippet(',"price":'),
  sequence: snippet(',"sequence_number":'),
  sipAt: snippet(',"sip_timestamp":'),
  size: snippet(',"size":'),
  tape: snippet(',"tape":'),
  trfId: snippet(',"trf_id":'),
  trfAt: snippet(',"trf_timestamp":'),
  askExchange: snippet(',"ask_exchange":'),
  askPrice: snippet(',"ask_price":'),
  askSize: snippet(',"ask_size":'),
  bidExchange: snippet(',"bid_exchange":'),
  bidPrice: snippet(',"bid_price":'),
  bidSize: snippet(',"bid_size":'),
  indicators: snippet(',"indicators":'),
};
const brace = 0x7b;

/** Rows of `/v3/trades` (sheet §6): names in the order of the alphabet; what the tape does not know is left out, but for times. */
export function tradeRows(market: Place, options: Pick<PolygonOptions, 'decimalSizes'>): RowWriter<Trade> {
  const wantsDecimal = decimalsOf(options);
  const isStock = market === 'stocks';
  return row((event, shift, out) => {
    const at = event.at + shift;
    listed(key.conditions, conditionsOf(event), out);
    if (event.correction !== 0) maybe(key.correction, event.correction, out);
    if (isStock && wantsDecimal(event.size)) decimal(key.decimalSize, event.size, out);
    maybe(key.exchange, exchangeId(market, event.exchange), out);
    if (event.id !== '' && market !== 'options') {
      out.put(key.id);
      out.jsonString(event.id);
    }
    // A number in all rows of the vendor: where the tape has none, the exchange is taken to have been as fast as the SIP.
    if (market === 'crypto') nanos(key.participantAt, at, out);
    else nanos(key.participantAt, (event.participantAt ?? event.at) + shift, out);
    maybe(key.price, event.price, out);
    if (market !== 'crypto') {
      maybe(key.sequence, event.sequence, out);
      nanos(key.sipAt, at, out);
    }
    if (market === 'crypto') maybe(key.size, event.size, out);
    else whole(key.size, event.size, out);
    if (!isStock) return;
    maybe(key.tape, tapeId(event.tape), out);
    maybe(key.trfId, event.trfId, out);
    instant(key.trfAt, event.trfAt, shift, out);
  });
}

/** Rows of `/v3/quotes` (sheet §6): of forex without sizes and SIP. */
export function quoteRows(market: Place, options: Pick<PolygonOptions, 'quoteSizes'>): RowWriter<Quote> {
  const lot = lotOf(market, options);
  const isStock = market === 'stocks';
  return row((event, shift, out) => {
    maybe(key.askExchange, exchangeId(market, event.askExchange), out);
    maybe(key.askPrice, event.askPrice, out);
    if (market !== 'forex') whole(key.askSize, event.askSize / lot, out);
    maybe(key.bidExchange, exchangeId(market, event.bidExchange), out);
    maybe(key.bidPrice, event.bidPrice, out);
    if (market !== 'forex') whole(key.bidSize, event.bidSize / lot, out);
    if (market === 'forex') return nanos(key.participantAt, event.at + shift, out);
    if (isStock) {
      listed(key.conditions, quoteConditionsOf(event), out);
      listed(key.indicators, event.indicators, out);
      nanos(key.participantAt, (event.participantAt ?? event.at) + shift, out);
    }
    maybe(key.sequence, event.sequence, out);
    nanos(key.sipAt, event.at + shift, out);
    if (!isStock) return;
    maybe(key.tape, tapeId(event.tape), out);
    instant(key.trfAt, event.trfAt, shift, out);
  });
}

/** A row from fields that each begin with their comma: the first comma becomes the brace. */
function row<Entry>(fields: RowWriter<Entry>): RowWriter<Entry> {
  return (entry, shift, out) => {
    const start = out.length;
    fields(entry, shift, out);
    out.bytes[start] = brace;
    out.u8(0x7d);
  };
}

function listed(name: Snippet, ids: readonly number[], out: ByteWriter): void {
  if (ids.length > 0) list(name, ids, out);
}

function instant(name: Snippet, at: Nanos | undefined, shift: Nanos, out: ByteWriter): void {
  if (at !== undefined && at !== 0n) nanos(name, at + shift, out);
}
