import type { MarketEvent, Nanos } from '../../market/event.ts';
import { second } from '../../market/nanos.ts';
import type { Aim } from './injection-terms.ts';
import type { Rule } from '../scenario/steps.ts';

/** Sets off one rule by what one session hears. */
export interface Watch {
  /** Before the session hears it; `tape`: its tape time. */
  hear(event: MarketEvent, tape: Nanos, aim: Aim): void;
}

/** What a rule that is set off begins and, when it was for a while, ends. */
export interface Spark {
  fire(aim: Aim): void;
  quench(aim: Aim): void;
}

/** The watch of a rule that goes by the events of a session; `undefined` for any other. */
export function watchOf({ when, target }: Rule, spark: Spark): Watch | undefined {
  if (when?.message !== undefined) {
    const { nth, every = nth } = when.message;
    let heard = 0;
    return {
      hear(event, _tape, aim) {
        if (!isAbout(event, target)) return;
        heard++;
        if (nth === undefined ? heard % (every ?? 1) === 0 : heard === nth) spark.fire(aim);
      },
    };
  }
  if (when?.rate === undefined) return undefined;
  const { above } = when.rate;
  const recent: Nanos[] = [];
  let isAbove = false;
  return {
    hear(event, tape, aim) {
      if (!isAbout(event, target)) return;
      recent.push(tape);
      while ((recent[0] ?? tape) <= tape - second) recent.shift();
      if (recent.length > above === isAbove) return;
      isAbove = !isAbove;
      if (isAbove) spark.fire(aim);
      else spark.quench(aim);
    },
  };
}

function isAbout(event: MarketEvent, target: Rule['target']): boolean {
  const { symbols, channels } = target ?? {};
  if (channels !== undefined && !channels.includes(event.kind)) return false;
  if (symbols === undefined) return true;
  return event.kind === 'news'
    ? event.symbols.some((symbol) => symbols.includes(symbol))
    : symbols.includes(event.symbol);
}
