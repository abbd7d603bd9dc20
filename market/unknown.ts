import type { Bar, Price, Quote, Trade } from './event.ts';

// What most tapes do not know of an event, spelled once: a field that is not known is `undefined`, never absent.

export const unknownOfBar: Pick<Bar, 'dayVolume' | 'dayOpen' | 'dayVwap' | 'averageSize' | 'turnover' | 'otc'> = {
  dayVolume: undefined,
  dayOpen: undefined,
  dayVwap: undefined,
  averageSize: undefined,
  turnover: undefined,
  otc: undefined,
};

export const unknownOfTrade: Pick<Trade, 'receivedAt' | 'correction' | 'reportSequence' | 'session'> = {
  receivedAt: undefined,
  correction: undefined,
  reportSequence: undefined,
  session: undefined,
};

export const unknownOfQuote: Pick<Quote, 'trfAt' | 'bidAt' | 'askAt' | 'receivedAt' | 'reportSequence' | 'session'> = {
  trfAt: undefined,
  bidAt: undefined,
  askAt: undefined,
  receivedAt: undefined,
  reportSequence: undefined,
  session: undefined,
};

export const unknownOfPrice: Pick<
  Price,
  'exchange' | 'mic' | 'currency' | 'baseCurrency' | 'quoteCurrency' | 'instrument'
> = {
  exchange: undefined,
  mic: undefined,
  currency: undefined,
  baseCurrency: undefined,
  quoteCurrency: undefined,
  instrument: undefined,
};
