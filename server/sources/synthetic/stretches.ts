import type { Hours, Span } from './trading-hours.ts';

/** A run of seconds in which the same symbols trade. */
export interface Stretch<Trading> {
  readonly from: number;
  readonly to: number;
  readonly open: readonly { readonly ticker: Trading; readonly hours: Hours }[];
}

/** The closing auction is printed in the second after the close, so a day's last second is one later than its end. */
const closingSecond = 1;

/** Cuts a span at every open and close, oldest first, leaving out nights and weekends in which nobody trades. */
export function stretchesOf<Trading extends { readonly instrument: { readonly hours: readonly Hours[] } }>(
  tickers: readonly Trading[],
  span: Span,
): readonly Stretch<Trading>[] {
  const byHours = new Map<readonly Hours[], Trading[]>();
  for (const ticker of tickers) {
    const { hours } = ticker.instrument;
    const others = byHours.get(hours);
    if (others === undefined) byHours.set(hours, [ticker]);
    else others.push(ticker);
  }
  const days = [...byHours.keys()].flat();
  const cuts = days.flatMap((day) => [day.from, endOf(day)]).filter((cut) => cut > span.from && cut < span.to);
  const marks = [...new Set([span.from, ...cuts, span.to])].sort((left, right) => left - right);
  const order = new Map(tickers.map((ticker, position) => [ticker, position]));
  const position = (ticker: Trading): number => order.get(ticker) ?? 0;
  const markets = [...byHours].map(([hours, members]) => ({ openIn: hoursIn(hours), members }));
  return marks.slice(0, -1).flatMap((from, index) => {
    const to = marks[index + 1] ?? from;
    const open = markets
      .flatMap(({ openIn, members }) =>
        openIn(from, to).flatMap((day) => members.map((ticker) => ({ ticker, hours: day }))),
      )
      // Events of one nanosecond keep the order of the tape's symbols, whoever else is asked for.
      .sort((left, right) => position(left.ticker) - position(right.ticker));
    return open.length === 0 ? [] : [{ from, to, open }];
  });
}

/** Which of a market's hours lie within a part of the span; asked for part after part, or years of days would be looked at for each. */
function hoursIn(hours: readonly Hours[]): (from: number, to: number) => readonly Hours[] {
  let first = 0;
  return (from, to) => {
    for (let day = hours[first]; day !== undefined && endOf(day) <= from; day = hours[first]) first++;
    let next = first;
    while (next < hours.length && (hours[next]?.from ?? to) < to) next++;
    return hours.slice(first, next);
  };
}

/** The second in which a day is over, its closing prints included. */
export const endOf = ({ to, close }: Hours): number => Math.max(to, close + closingSecond);
