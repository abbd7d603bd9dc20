import type { MarketEvent } from '../../../market/event.ts';

/**
 * Spells an event as one NDJSON line without its end: the field names of market/event.ts, Nanos as text, unknown
 * fields left out, always in the same order, so that equal tapes have equal bytes.
 */
export function lineOfEvent(event: MarketEvent): string {
  const { kind, market, symbol } = event;
  const head = { kind, market, symbol, at: event.at.toString() };
  switch (event.kind) {
    case 'trade':
      return JSON.stringify({
        ...head,
        id: event.id,
        price: event.price,
        size: event.size,
        exchange: event.exchange,
        conditions: event.conditions,
        tape: event.tape,
        sequence: event.sequence,
        participantAt: event.participantAt?.toString(),
        trfId: event.trfId,
        trfAt: event.trfAt?.toString(),
        taker: event.taker,
      });
    case 'quote':
      return JSON.stringify({
        ...head,
        bidPrice: event.bidPrice,
        bidSize: event.bidSize,
        bidExchange: event.bidExchange,
        askPrice: event.askPrice,
        askSize: event.askSize,
        askExchange: event.askExchange,
        conditions: event.conditions,
        indicators: event.indicators,
        tape: event.tape,
        sequence: event.sequence,
        participantAt: event.participantAt?.toString(),
      });
    case 'second-bar':
    case 'bar':
    case 'updated-bar':
    case 'daily-bar':
      return JSON.stringify({
        ...head,
        start: event.start.toString(),
        open: event.open,
        high: event.high,
        low: event.low,
        close: event.close,
        volume: event.volume,
        trades: event.trades,
        vwap: event.vwap,
        dayVolume: event.dayVolume,
      });
    case 'status':
    case 'luld':
    case 'imbalance':
    case 'correction':
    case 'cancel':
    case 'book':
    case 'value':
      return JSON.stringify({ ...head, ...event, at: head.at });
    case 'news':
      return JSON.stringify({ ...head, ...event, at: head.at, updatedAt: event.updatedAt.toString() });
  }
}
