import type { Channel, Nanos } from '../../../../market/event.ts';
import { day } from '../../../../market/nanos.ts';
import type { Access, RestAnswer } from '../../exchange.ts';
import { type PolygonOptions, pricingPage } from '../options.ts';
import { feedOf } from '../plans.ts';
import { notAuthorized } from './answers.ts';
import { midnightOf, type Place } from './markets.ts';

/** What an asker sees of a market. */
export interface Sight {
  /** How far behind the tape. */
  readonly lag: Nanos;
  /** The last instant it may see. */
  readonly until: Nanos;
  /** `end-of-day`: what the plan called Basic has of every market, bars of finished days. */
  readonly kind: 'real-time' | 'delayed' | 'end-of-day';
}

/** How far back the plan called Basic reaches (its price list: two years). */
const basicReach: Nanos = 731n * day;

/** Judges what a plan may see (sheet §6: the texts; which plan sees what is inferred from the price list). */
export class Entitlement {
  readonly #lag: Nanos;
  readonly #futuresLag: Nanos;
  readonly #pricing: string;

  constructor({
    delayedLag,
    delayedFuturesLag,
    brand,
  }: Pick<PolygonOptions, 'delayedLag' | 'delayedFuturesLag' | 'brand'>) {
    this.#lag = delayedLag;
    this.#futuresLag = delayedFuturesLag;
    this.#pricing = pricingPage(brand);
  }

  get pricing(): string {
    return this.#pricing;
  }

  sight(market: Place | 'futures', { feeds, history }: Access): Sight {
    const { now } = history;
    if (feeds?.includes(feedOf(market, false)) !== false) return { lag: 0n, until: now, kind: 'real-time' };
    const lag = market === 'futures' ? this.#futuresLag : this.#lag;
    if (feeds.includes(feedOf(market, true))) return { lag, until: now - lag, kind: 'delayed' };
    return { lag: 0n, until: midnightOf(market, now) - 1n, kind: 'end-of-day' };
  }

  /** Why a range of bars may not be seen; a range that only ends too late is cut short instead. */
  objection(
    market: Place | 'futures',
    from: Nanos,
    to: Nanos,
    sight: Sight,
    access: Access,
    id: string,
  ): RestAnswer | undefined {
    if (sight.kind !== 'end-of-day') return undefined;
    if (from > sight.until) {
      return this.#no(id, "Attempted to request today's data before end of day. Please upgrade your plan at");
    }
    const reach = midnightOf(market, access.history.now) - basicReach;
    return to < reach
      ? this.#no(id, "Your plan doesn't include this data timeframe. Please upgrade your plan at")
      : undefined;
  }

  /** Why trades, quotes or what is made of them may not be seen. */
  refusal(sight: Sight, channel: Channel | undefined, { channels }: Access, id: string): RestAnswer | undefined {
    const lacks = channel !== undefined && channels?.includes(channel) === false;
    return lacks || sight.kind === 'end-of-day' ? this.entitled(id) : undefined;
  }

  entitled(id: string): RestAnswer {
    return this.#no(id, 'You are not entitled to this data. Please upgrade your plan at');
  }

  #no(id: string, why: string): RestAnswer {
    return notAuthorized(id, `${why} ${this.#pricing}`);
  }
}
