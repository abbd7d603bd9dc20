import type { Channel, Market, Quote } from '../../market/event.ts';

const mostDecimals = 10;

/**
 * Are bars and prices of a symbol made of its quotes, not of its trades? So they are in forex, where vendors have nothing but quotes
 * (Polygon sheet §5: a bar's volume is the number of quotes); a tape of dollar-peso trades alone still has bars of those.
 */
export function madeOfQuotes(market: Market, recorded: ReadonlySet<Channel>): boolean {
  return market === 'forex' && recorded.has('quote');
}

/**
 * The price that a quote stands for where there are no trades: halfway between bid and ask, rounded to the decimals of the two. With one
 * side empty it is the other; 0 when both are.
 */
export function middleOf({ bidPrice, askPrice }: Quote): number {
  if (bidPrice === 0) return askPrice;
  if (askPrice === 0) return bidPrice;
  const scale = Math.max(scaleOf(bidPrice), scaleOf(askPrice));
  // Whole steps first, so that a half is a half.
  return Math.round((Math.round(bidPrice * scale) + Math.round(askPrice * scale)) / 2) / scale;
}

/** 100 for a price with two decimals. */
function scaleOf(price: number): number {
  let scale = 1;
  for (let decimals = 0; decimals < mostDecimals && Math.round(price * scale) / scale !== price; decimals++)
    scale *= 10;
  return scale;
}
