import { channels, markets, type MarketEvent } from '../../../market/event.ts';
import type { Row } from './row.ts';

const tapes = ['A', 'B', 'C', 'O'] as const;
const takers = ['buy', 'sell'] as const;
const actions = ['C', 'E'] as const;

/** Builds the event a row of a tape file stands for; the same for NDJSON and Parquet. Throws what the row throws. */
export function eventOfRow(row: Row): MarketEvent {
  const kind = row.word('kind', channels);
  const market = row.word('market', markets);
  const symbol = row.text('symbol');
  const at = row.nanos('at');
  switch (kind) {
    case 'trade':
      return {
        kind,
        market,
        symbol,
        at,
        id: row.text('id'),
        price: row.number('price'),
        size: row.number('size'),
        exchange: row.maybeText('exchange'),
        conditions: row.texts('conditions'),
        tape: row.maybeWord('tape', tapes),
        sequence: row.maybeNumber('sequence'),
        participantAt: row.maybeNanos('participantAt'),
        trfId: row.maybeNumber('trfId'),
        trfAt: row.maybeNanos('trfAt'),
        taker: row.maybeWord('taker', takers),
        receivedAt: row.maybeNanos('receivedAt'),
        correction: row.maybeNumber('correction'),
        reportSequence: row.maybeNumber('reportSequence'),
        session: row.maybeText('session'),
      };
    case 'quote':
      return {
        kind,
        market,
        symbol,
        at,
        bidPrice: row.number('bidPrice'),
        bidSize: row.number('bidSize'),
        bidExchange: row.maybeText('bidExchange'),
        askPrice: row.number('askPrice'),
        askSize: row.number('askSize'),
        askExchange: row.maybeText('askExchange'),
        conditions: row.texts('conditions'),
        indicators: row.numbers('indicators'),
        tape: row.maybeWord('tape', tapes),
        sequence: row.maybeNumber('sequence'),
        participantAt: row.maybeNanos('participantAt'),
        trfAt: row.maybeNanos('trfAt'),
        bidAt: row.maybeNanos('bidAt'),
        askAt: row.maybeNanos('askAt'),
        receivedAt: row.maybeNanos('receivedAt'),
        reportSequence: row.maybeNumber('reportSequence'),
        session: row.maybeText('session'),
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
        start: row.nanos('start'),
        open: row.number('open'),
        high: row.number('high'),
        low: row.number('low'),
        close: row.number('close'),
        volume: row.number('volume'),
        trades: row.number('trades'),
        vwap: row.number('vwap'),
        dayVolume: row.maybeNumber('dayVolume'),
        dayOpen: row.maybeNumber('dayOpen'),
        dayVwap: row.maybeNumber('dayVwap'),
        averageSize: row.maybeNumber('averageSize'),
        turnover: row.maybeNumber('turnover'),
        otc: row.maybeTruth('otc'),
      };
    case 'status':
      return {
        kind,
        market,
        symbol,
        at,
        code: row.text('code'),
        message: row.text('message'),
        reasonCode: row.text('reasonCode'),
        reasonMessage: row.text('reasonMessage'),
        tape: row.maybeWord('tape', tapes),
      };
    case 'luld':
      return {
        kind,
        market,
        symbol,
        at,
        up: row.number('up'),
        down: row.number('down'),
        indicator: row.text('indicator'),
        tape: row.maybeWord('tape', tapes),
        indicators: row.maybeNumbers('indicators'),
        sequence: row.maybeNumber('sequence'),
      };
    case 'imbalance':
      return {
        kind,
        market,
        symbol,
        at,
        price: row.number('price'),
        pairedShares: row.maybeNumber('pairedShares'),
        imbalanceShares: row.maybeNumber('imbalanceShares'),
        side: row.maybeText('side'),
        auction: row.maybeText('auction'),
        tape: row.maybeWord('tape', tapes),
        auctionTime: row.maybeText('auctionTime'),
        exchange: row.maybeText('exchange'),
        sequence: row.maybeNumber('sequence'),
      };
    case 'correction':
      return {
        kind,
        market,
        symbol,
        at,
        exchange: row.maybeText('exchange'),
        original: row.print('original'),
        corrected: row.print('corrected'),
        tape: row.maybeWord('tape', tapes),
      };
    case 'cancel':
      return {
        kind,
        market,
        symbol,
        at,
        id: row.text('id'),
        price: row.number('price'),
        size: row.number('size'),
        exchange: row.maybeText('exchange'),
        action: row.word('action', actions),
        tape: row.maybeWord('tape', tapes),
      };
    case 'book':
      return {
        kind,
        market,
        symbol,
        at,
        bids: row.levels('bids'),
        asks: row.levels('asks'),
        reset: row.truth('reset'),
        exchange: row.maybeText('exchange'),
        receivedAt: row.maybeNanos('receivedAt'),
      };
    case 'value':
      return { kind, market, symbol, at, value: row.number('value') };
    case 'news':
      return {
        kind,
        market,
        symbol,
        at,
        id: row.text('id'),
        headline: row.text('headline'),
        summary: row.text('summary'),
        author: row.text('author'),
        createdAt: row.maybeNanos('createdAt'),
        updatedAt: row.nanos('updatedAt'),
        url: row.text('url'),
        content: row.text('content'),
        symbols: row.texts('symbols'),
        source: row.text('source'),
      };
    case 'price':
      return {
        kind,
        market,
        symbol,
        at,
        price: row.number('price'),
        bidPrice: row.maybeNumber('bidPrice'),
        askPrice: row.maybeNumber('askPrice'),
        dayVolume: row.maybeNumber('dayVolume'),
        exchange: row.maybeText('exchange'),
        mic: row.maybeText('mic'),
        currency: row.maybeText('currency'),
        baseCurrency: row.maybeText('baseCurrency'),
        quoteCurrency: row.maybeText('quoteCurrency'),
        instrument: row.maybeText('instrument'),
      };
    case 'fair-value':
      return { kind, market, symbol, at, value: row.number('value') };
    case 'pricing':
      return {
        kind,
        market,
        symbol,
        at,
        exchange: row.maybeText('exchange'),
        indexPrice: row.maybeNumber('indexPrice'),
        markPrice: row.maybeNumber('markPrice'),
        fundingRate: row.maybeNumber('fundingRate'),
        openInterest: row.maybeNumber('openInterest'),
        fundingAt: row.maybeNanos('fundingAt'),
      };
  }
}
