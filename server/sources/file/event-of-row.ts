import { channels, markets, type MarketEvent } from '../../../market/event.ts';
import { field } from './columns.ts';
import type { Row } from './row.ts';

const tapes = ['A', 'B', 'C', 'O'] as const;
const takers = ['buy', 'sell'] as const;
const actions = ['C', 'E'] as const;

/** Builds the event a row of a tape file stands for; the same for NDJSON and Parquet. Throws what the row throws. */
export function eventOfRow(row: Row): MarketEvent {
  const kind = row.word(field.kind, channels);
  const market = row.word(field.market, markets);
  const symbol = row.text(field.symbol);
  const at = row.nanos(field.at);
  switch (kind) {
    case 'trade':
      return {
        kind,
        market,
        symbol,
        at,
        id: row.text(field.id),
        price: row.number(field.price),
        size: row.number(field.size),
        exchange: row.maybeText(field.exchange),
        conditions: row.texts(field.conditions),
        tape: row.maybeWord(field.tape, tapes),
        sequence: row.maybeNumber(field.sequence),
        participantAt: row.maybeNanos(field.participantAt),
        trfId: row.maybeNumber(field.trfId),
        trfAt: row.maybeNanos(field.trfAt),
        taker: row.maybeWord(field.taker, takers),
        receivedAt: row.maybeNanos(field.receivedAt),
        correction: row.maybeNumber(field.correction),
        reportSequence: row.maybeNumber(field.reportSequence),
        session: row.maybeText(field.session),
      };
    case 'quote':
      return {
        kind,
        market,
        symbol,
        at,
        bidPrice: row.number(field.bidPrice),
        bidSize: row.number(field.bidSize),
        bidExchange: row.maybeText(field.bidExchange),
        askPrice: row.number(field.askPrice),
        askSize: row.number(field.askSize),
        askExchange: row.maybeText(field.askExchange),
        conditions: row.texts(field.conditions),
        indicators: row.numbers(field.indicators),
        tape: row.maybeWord(field.tape, tapes),
        sequence: row.maybeNumber(field.sequence),
        participantAt: row.maybeNanos(field.participantAt),
        trfAt: row.maybeNanos(field.trfAt),
        bidAt: row.maybeNanos(field.bidAt),
        askAt: row.maybeNanos(field.askAt),
        receivedAt: row.maybeNanos(field.receivedAt),
        reportSequence: row.maybeNumber(field.reportSequence),
        session: row.maybeText(field.session),
      };
    case 'second-bar':
    case 'bar':
    case 'updated-bar':
    case 'daily-bar':
      return {
        kind,
        market,
        symbol,
        at,
        start: row.nanos(field.start),
        open: row.number(field.open),
        high: row.number(field.high),
        low: row.number(field.low),
        close: row.number(field.close),
        volume: row.number(field.volume),
        trades: row.number(field.trades),
        vwap: row.number(field.vwap),
        dayVolume: row.maybeNumber(field.dayVolume),
        dayOpen: row.maybeNumber(field.dayOpen),
        dayVwap: row.maybeNumber(field.dayVwap),
        averageSize: row.maybeNumber(field.averageSize),
        turnover: row.maybeNumber(field.turnover),
        otc: row.maybeTruth(field.otc),
      };
    case 'status':
      return {
        kind,
        market,
        symbol,
        at,
        code: row.text(field.code),
        message: row.text(field.message),
        reasonCode: row.text(field.reasonCode),
        reasonMessage: row.text(field.reasonMessage),
        tape: row.maybeWord(field.tape, tapes),
      };
    case 'luld':
      return {
        kind,
        market,
        symbol,
        at,
        up: row.number(field.up),
        down: row.number(field.down),
        indicator: row.text(field.indicator),
        tape: row.maybeWord(field.tape, tapes),
        indicators: row.maybeNumbers(field.indicators),
        sequence: row.maybeNumber(field.sequence),
      };
    case 'imbalance':
      return {
        kind,
        market,
        symbol,
        at,
        price: row.number(field.price),
        pairedShares: row.maybeNumber(field.pairedShares),
        imbalanceShares: row.maybeNumber(field.imbalanceShares),
        side: row.maybeText(field.side),
        auction: row.maybeText(field.auction),
        tape: row.maybeWord(field.tape, tapes),
        auctionTime: row.maybeText(field.auctionTime),
        exchange: row.maybeText(field.exchange),
        sequence: row.maybeNumber(field.sequence),
      };
    case 'correction':
      return {
        kind,
        market,
        symbol,
        at,
        exchange: row.maybeText(field.exchange),
        original: row.print(field.original),
        corrected: row.print(field.corrected),
        tape: row.maybeWord(field.tape, tapes),
      };
    case 'cancel':
      return {
        kind,
        market,
        symbol,
        at,
        id: row.text(field.id),
        price: row.number(field.price),
        size: row.number(field.size),
        exchange: row.maybeText(field.exchange),
        action: row.word(field.action, actions),
        tape: row.maybeWord(field.tape, tapes),
      };
    case 'book':
      return {
        kind,
        market,
        symbol,
        at,
        bids: row.levels(field.bids),
        asks: row.levels(field.asks),
        reset: row.truth(field.reset),
        exchange: row.maybeText(field.exchange),
        receivedAt: row.maybeNanos(field.receivedAt),
      };
    case 'value':
      return { kind, market, symbol, at, value: row.number(field.value) };
    case 'news':
      return {
        kind,
        market,
        symbol,
        at,
        id: row.text(field.id),
        headline: row.text(field.headline),
        summary: row.text(field.summary),
        author: row.text(field.author),
        createdAt: row.maybeNanos(field.createdAt),
        updatedAt: row.nanos(field.updatedAt),
        url: row.text(field.url),
        content: row.text(field.content),
        symbols: row.texts(field.symbols),
        source: row.text(field.source),
      };
    case 'price':
      return {
        kind,
        market,
        symbol,
        at,
        price: row.number(field.price),
        bidPrice: row.maybeNumber(field.bidPrice),
        askPrice: row.maybeNumber(field.askPrice),
        dayVolume: row.maybeNumber(field.dayVolume),
        exchange: row.maybeText(field.exchange),
        mic: row.maybeText(field.mic),
        currency: row.maybeText(field.currency),
        baseCurrency: row.maybeText(field.baseCurrency),
        quoteCurrency: row.maybeText(field.quoteCurrency),
        instrument: row.maybeText(field.instrument),
      };
    case 'fair-value':
      return { kind, market, symbol, at, value: row.number(field.value) };
    case 'pricing':
      return {
        kind,
        market,
        symbol,
        at,
        exchange: row.maybeText(field.exchange),
        indexPrice: row.maybeNumber(field.indexPrice),
        markPrice: row.maybeNumber(field.markPrice),
        fundingRate: row.maybeNumber(field.fundingRate),
        openInterest: row.maybeNumber(field.openInterest),
        fundingAt: row.maybeNanos(field.fundingAt),
      };
  }
}
