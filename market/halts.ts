import type { Market, Nanos, Status, TapeLetter } from './event.ts';

/** Why trading stands still, free of any tape's letters. */
export const haltReasons = ['volatility', 'news-pending', 'information-requested', 'market-wide'] as const;
export type HaltReason = (typeof haltReasons)[number];

type Said = readonly [code: string, message: string, reasonCode: string, reasonMessage: string];
interface Words {
  readonly halted: Said;
  readonly resumed: Said;
}

/** What tapes C and O say (UTP; protocol sheet of Alpaca §5.3). A volatility pause has a status of its own. */
const utp: Readonly<Record<HaltReason, Words>> = {
  volatility: words('P', 'Volatility Trading Pause', 'T', 'LUDP', 'Volatility Trading Pause'),
  'news-pending': words('H', 'Trading Halt', 'T', 'T1', 'Halt - News Pending'),
  'information-requested': words(
    'H',
    'Trading Halt',
    'T',
    'T12',
    'Trading Halted; For information requested by NASDAQ',
  ),
  'market-wide': words('H', 'Trading Halt', 'T', 'MWC1', 'Market Wide Circuit Breaker Halt - Level 1'),
};
/** What tapes A and B say (CTA; same place). They have no letter for a request for information; it is operational to them. */
const cta: Readonly<Record<HaltReason, Words>> = {
  volatility: words('2', 'Trading Halt', '3', 'M', 'Volatility Trading Pause'),
  'news-pending': words('2', 'Trading Halt', '3', 'P', 'News Pending'),
  'information-requested': words('2', 'Trading Halt', '3', 'X', 'Operational'),
  'market-wide': words('2', 'Trading Halt', '3', '1', 'Market Wide Circuit Breaker Halt - Level 1'),
};

/** What the tape of a stock says when its trading halts, or goes on. */
export function statusOf(
  what: 'halted' | 'resumed',
  reason: HaltReason,
  at: Nanos,
  stock: { readonly market: Market; readonly symbol: string; readonly tape: TapeLetter | undefined },
): Status {
  const { market, symbol, tape } = stock;
  const plan = tape === 'A' || tape === 'B' ? cta : utp;
  const [code, message, reasonCode, reasonMessage] = plan[reason][what];
  return { kind: 'status', market, symbol, at, code, message, reasonCode, reasonMessage, tape };
}

function words(halt: string, message: string, resume: string, reason: string, reasonMessage: string): Words {
  const resumption = resume === 'T' ? 'Trading Resumption' : 'Resume';
  return {
    halted: [halt, message, reason, reasonMessage],
    resumed: [resume, resumption, reason, reasonMessage],
  };
}
