import type { Bar, MarketEvent } from '../../market/event.ts';
import type { Chapter, History, Period, Span } from '../exchanges/rest.ts';

/** How a history differs from what was played. */
export interface Alteration {
  /** Which part is told when another is asked for. */
  readonly period?: <Asked extends Period>(asked: Asked) => Asked;
  /** What is told instead of an event or a bar; nothing when `undefined`. */
  readonly event?: <Event extends MarketEvent>(event: Event) => Event | undefined;
}

/** A history that differs in the symbols named, or in all of it, and in nothing else. */
export function altered(
  history: History,
  { period = (asked) => asked, event: retold = (event) => event }: Alteration,
  symbols: readonly string[] | undefined,
): History {
  const spared = ({ symbol }: { readonly symbol: string }): boolean => symbols?.includes(symbol) === false;
  async function* chapters<Event extends MarketEvent>(
    told: AsyncIterable<Chapter<Event>>,
  ): AsyncGenerator<Chapter<Event>> {
    for await (const { events, shift } of told) {
      const left = events.flatMap((event) => {
        const instead = spared(event) ? event : retold(event);
        return instead === undefined ? [] : [instead];
      });
      if (left.length > 0) yield { events: left, shift };
    }
  }
  const spanOf = (span: Span): Span => (spared(span) ? span : period(span));
  return {
    get now() {
      return history.now;
    },
    get shift() {
      return history.shift;
    },
    listed: history.listed,
    events: (span, channels, signal) => chapters(history.events(spanOf(span), channels, signal)),
    news: (asked, signal) => chapters(history.news(symbols === undefined ? period(asked) : asked, signal)),
    bars: (span, length, signal) => chapters<Bar>(history.bars(spanOf(span), length, signal)),
  };
}

/** A history that is altered when its first row is read, and not at all by who only asks what time it is. */
export function alteredWhenRead(history: History, alter: () => History): History {
  let read: History | undefined;
  const told = (): History => (read ??= alter());
  return {
    get now() {
      return history.now;
    },
    get shift() {
      return history.shift;
    },
    listed: history.listed,
    events: (span, channels, signal) => told().events(span, channels, signal),
    news: (period, signal) => told().news(period, signal),
    bars: (span, length, signal) => told().bars(span, length, signal),
  };
}
