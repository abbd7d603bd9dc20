import type { Market } from '../../../../market/event.ts';
import type { Access, History } from '../../exchange.ts';
import type { Detail, Directory, Instrument } from '../instruments.ts';
import { type ErrorBody, symbolNotInPlan, unknownSymbol } from '../texts.ts';

/** What is asked about, found on the tapes. */
export interface Subject {
  readonly symbol: string;
  readonly market: Market;
  readonly instrument: Instrument;
}

/** Markets the vendor tells of, the first that has a symbol first. */
const markets = ['stocks', 'indices', 'forex', 'crypto'] as const;

/** Finds what `AAPL`, `AAPL:NASDAQ` or `EUR/USD` means, or why it is not told. */
export function subjectOf(text: string, detail: Detail, directory: Directory, access: Access): Subject | ErrorBody {
  const [symbol = '', exchange = detail.exchange] = text.split(':');
  const market = marketOf(symbol, access.history);
  if (market === undefined || !directory.fits(symbol, { ...detail, exchange })) return unknownSymbol;
  const instrument = directory.find(symbol, market);
  const { country } = instrument;
  // Plan basic has stocks of the United States, and pairs (text captured, sheet §5; the rule is inferred).
  if (access.plan === 'basic' && country !== undefined && country !== 'United States') return symbolNotInPlan;
  return { symbol, market, instrument };
}

function marketOf(symbol: string, { listed }: History): Market | undefined {
  const among = new Set(listed.flatMap((one) => (one.symbol === symbol ? [one.market] : [])));
  return markets.find((market) => among.has(market));
}
