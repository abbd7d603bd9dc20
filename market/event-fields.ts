import type { Level, MarketEvent, Nanos, Print } from './event.ts';

/**
 * What an event says beyond where and when, as the fields of a JSON object from the first comma on: the names of market/event.ts, unknown
 * fields left out, always in the same order. By hand, because JSON.stringify takes twenty times as long over an object made for the
 * occasion. `time` spells an instant.
 */
export function eventFields(event: MarketEvent, time: (at: Nanos) => string): string {
  const maybeNanos = (field: string, value: Nanos | undefined): string =>
    value === undefined ? '' : `,"${field}":"${time(value)}"`;
  switch (event.kind) {
    case 'trade':
      return (
        `,"id":${jsonText(event.id)},"price":${event.price},"size":${event.size}` +
        maybeText('exchange', event.exchange) +
        `,"conditions":${texts(event.conditions)}` +
        maybeText('tape', event.tape) +
        maybePlain('sequence', event.sequence) +
        maybeNanos('participantAt', event.participantAt) +
        maybePlain('trfId', event.trfId) +
        maybeNanos('trfAt', event.trfAt) +
        maybeText('taker', event.taker) +
        maybeNanos('receivedAt', event.receivedAt) +
        maybePlain('correction', event.correction) +
        maybePlain('reportSequence', event.reportSequence) +
        maybeText('session', event.session)
      );
    case 'quote':
      return (
        `,"bidPrice":${event.bidPrice},"bidSize":${event.bidSize}` +
        maybeText('bidExchange', event.bidExchange) +
        `,"askPrice":${event.askPrice},"askSize":${event.askSize}` +
        maybeText('askExchange', event.askExchange) +
        `,"conditions":${texts(event.conditions)},"indicators":[${event.indicators.join(',')}]` +
        maybeText('tape', event.tape) +
        maybePlain('sequence', event.sequence) +
        maybeNanos('participantAt', event.participantAt) +
        maybeNanos('trfAt', event.trfAt) +
        maybeNanos('bidAt', event.bidAt) +
        maybeNanos('askAt', event.askAt) +
        maybeNanos('receivedAt', event.receivedAt) +
        maybePlain('reportSequence', event.reportSequence) +
        maybeText('session', event.session)
      );
    case 'second-bar':
    case 'bar':
    case 'updated-bar':
    case 'daily-bar':
      return (
        `,"start":"${time(event.start)}","open":${event.open},"high":${event.high},"low":${event.low},"close":${event.close}` +
        `,"volume":${event.volume},"trades":${event.trades},"vwap":${event.vwap}` +
        maybePlain('dayVolume', event.dayVolume) +
        maybePlain('dayOpen', event.dayOpen) +
        maybePlain('dayVwap', event.dayVwap) +
        maybePlain('averageSize', event.averageSize) +
        maybePlain('turnover', event.turnover) +
        maybePlain('otc', event.otc)
      );
    case 'status':
      return (
        `,"code":${jsonText(event.code)},"message":${jsonText(event.message)},"reasonCode":${jsonText(event.reasonCode)}` +
        `,"reasonMessage":${jsonText(event.reasonMessage)}${maybeText('tape', event.tape)}`
      );
    case 'luld':
      return (
        `,"up":${event.up},"down":${event.down},"indicator":${jsonText(event.indicator)}` +
        maybeText('tape', event.tape) +
        (event.indicators === undefined ? '' : `,"indicators":[${event.indicators.join(',')}]`) +
        maybePlain('sequence', event.sequence)
      );
    case 'imbalance':
      return (
        `,"price":${event.price}` +
        maybePlain('pairedShares', event.pairedShares) +
        maybePlain('imbalanceShares', event.imbalanceShares) +
        maybeText('side', event.side) +
        maybeText('auction', event.auction) +
        maybeText('tape', event.tape) +
        maybeText('auctionTime', event.auctionTime) +
        maybeText('exchange', event.exchange) +
        maybePlain('sequence', event.sequence)
      );
    case 'correction':
      return (
        maybeText('exchange', event.exchange) +
        `,"original":${print(event.original)},"corrected":${print(event.corrected)}` +
        maybeText('tape', event.tape)
      );
    case 'cancel':
      return (
        `,"id":${jsonText(event.id)},"price":${event.price},"size":${event.size}` +
        maybeText('exchange', event.exchange) +
        `,"action":"${event.action}"` +
        maybeText('tape', event.tape)
      );
    case 'book':
      return (
        `,"bids":${levels(event.bids)},"asks":${levels(event.asks)},"reset":${event.reset}` +
        maybeText('exchange', event.exchange) +
        maybeNanos('receivedAt', event.receivedAt)
      );
    case 'value':
    case 'fair-value':
      return `,"value":${event.value}`;
    case 'news':
      return (
        `,"id":${jsonText(event.id)},"headline":${jsonText(event.headline)},"summary":${jsonText(event.summary)}` +
        `,"author":${jsonText(event.author)}${maybeNanos('createdAt', event.createdAt)}` +
        `,"updatedAt":"${time(event.updatedAt)}","url":${jsonText(event.url)}` +
        `,"content":${jsonText(event.content)},"symbols":${texts(event.symbols)},"source":${jsonText(event.source)}`
      );
    case 'price':
      return (
        `,"price":${event.price}` +
        maybePlain('bidPrice', event.bidPrice) +
        maybePlain('askPrice', event.askPrice) +
        maybePlain('dayVolume', event.dayVolume) +
        maybeText('exchange', event.exchange) +
        maybeText('mic', event.mic) +
        maybeText('currency', event.currency) +
        maybeText('baseCurrency', event.baseCurrency) +
        maybeText('quoteCurrency', event.quoteCurrency) +
        maybeText('instrument', event.instrument)
      );
    case 'pricing':
      return (
        maybeText('exchange', event.exchange) +
        maybePlain('indexPrice', event.indexPrice) +
        maybePlain('markPrice', event.markPrice) +
        maybePlain('fundingRate', event.fundingRate) +
        maybePlain('openInterest', event.openInterest) +
        maybeNanos('fundingAt', event.fundingAt)
      );
  }
}

// A quote, a backslash, or what neither range holds: control characters and halves of surrogate pairs.
const needsEscape = /["\\]|[^ -\uD7FF\uE000-\uFFFF]/;

/** A JSON string. */
export function jsonText(value: string): string {
  return needsEscape.test(value) ? JSON.stringify(value) : `"${value}"`;
}
function texts(values: readonly string[]): string {
  return values.length === 0 ? '[]' : `[${values.map(jsonText).join(',')}]`;
}
function maybeText(field: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${field}":${jsonText(value)}`;
}
function maybePlain(field: string, value: number | boolean | undefined): string {
  return value === undefined ? '' : `,"${field}":${value}`;
}
function print({ id, price, size, conditions }: Print): string {
  return `{"id":${jsonText(id)},"price":${price},"size":${size},"conditions":${texts(conditions)}}`;
}
function levels(values: readonly Level[]): string {
  return `[${values.map(({ price, size }) => `{"price":${price},"size":${size}}`).join(',')}]`;
}
