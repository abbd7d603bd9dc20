import type { Cancel, Clock } from '../../market/clock.ts';
import type { Channel, MarketEvent, Nanos } from '../../market/event.ts';
import type { Ask, History, Wants } from '../feeds/feed.ts';
import type { Backfill } from './backfill.ts';
import { Coverage, type Gap } from './coverage.ts';
import { refillsFor } from './refills.ts';
import type { GapSettings } from './settings.ts';

/** What became of a gap before history was asked. */
export type GapReport =
  | { readonly kind: 'gap'; readonly gaps: readonly Gap[] }
  /** History cannot tell it, or it is longer than is asked for. */
  | { readonly kind: 'gap-lost'; readonly gaps: readonly Gap[]; readonly why: 'no-history' | 'too-long' };

export interface GapsParts {
  readonly history: Pick<History, 'refills' | 'mostSymbols'>;
  readonly backfill: Pick<Backfill, 'refill' | 'waiting'>;
  readonly clock: Clock;
  readonly settings: GapSettings;
  readonly report: (report: GapReport) => void;
}

/** Gaps that stay missing of which it is remembered: bars that they touch are not told. */
const mostGiven = 10_000;

/** Finds what a feed did not hear and has history asked for it. */
export class Gaps implements Disposable {
  readonly #parts: GapsParts;
  readonly #coverage: Coverage;
  /** When something was heard last, by our own clock. */
  #heardAt: Nanos;
  #patience: Cancel | undefined;
  /** What stays missing, the newest last. */
  readonly #given: Gap[] = [];

  constructor(parts: GapsParts) {
    this.#parts = parts;
    this.#coverage = new Coverage(parts.settings);
    this.#heardAt = parts.clock.now();
  }

  /** What is stored of an earlier life: the newest event of a subscription. */
  seed(channel: Channel, symbol: string, newest: Nanos): void {
    this.#coverage.seed(channel, symbol, newest);
  }

  /** Whether it ended gaps, which history is now asked for. */
  heard(events: readonly MarketEvent[], heardAt: Nanos): boolean {
    this.#heardAt = heardAt;
    const gaps = this.#coverage.heard(events);
    this.#refill(gaps);
    return gaps.length > 0;
  }

  covered(wants: Wants): void {
    const { clock, settings } = this.#parts;
    this.#coverage.covered(wants);
    if (!this.#coverage.isReturning) return;
    this.#patience?.();
    this.#patience = clock.wake(clock.now() + settings.patience, () => this.#reckon());
  }

  lost(wants: Wants, why: 'ended' | 'mute'): void {
    this.#coverage.lost(wants, why);
  }

  forget(wants: Wants): void {
    this.#coverage.forget(wants);
  }

  /** History was asked for these often enough: they stay missing. */
  givenUp({ channel, symbols, from, to }: Ask): void {
    this.#lose(symbols.map((symbol) => ({ channel, symbol, from, to })));
  }

  /** What is known of a subscription between two instants: all, some of it with the rest asked for, or only a part. */
  known(channel: Channel, symbol: string, from: Nanos, to: Nanos): 'whole' | 'awaited' | 'partial' {
    const { history, backfill } = this.#parts;
    if (!this.#coverage.knowsSince(channel, symbol, from)) return 'partial';
    if (this.#given.some((gap) => gap.channel === channel && gap.symbol === symbol && meets(gap, from, to)))
      return 'partial';
    const lostFrom = this.#coverage.lostFrom(channel, symbol);
    if (lostFrom !== undefined && lostFrom <= to) return 'awaited';
    const source = history.refills(channel);
    const isAsked = backfill
      .waiting()
      .some(
        ({ ask, again }) => !again && ask.channel === source && ask.symbols.includes(symbol) && meets(ask, from, to),
      );
    return isAsked ? 'awaited' : 'whole';
  }

  /** The market's time now, reckoned from the newest event and the time since; `undefined` before any. */
  get marketTime(): Nanos | undefined {
    const { newest } = this.#coverage;
    return newest === undefined ? undefined : newest + this.#parts.clock.now() - this.#heardAt;
  }

  /** What is missing and not yet asked for. */
  open(): ReturnType<Coverage['open']> {
    return this.#coverage.open();
  }

  [Symbol.dispose](): void {
    this.#patience?.();
  }

  /** The market is silent on the new connection: it is as late there as the time that has gone by since it spoke. */
  #reckon(): void {
    if (!this.#coverage.isReturning) return;
    this.#refill(this.#coverage.reckon(this.marketTime ?? this.#parts.clock.now()));
  }

  #refill(gaps: readonly Gap[]): void {
    if (gaps.length === 0) return;
    const { history, backfill, report, settings } = this.#parts;
    this.#patience?.();
    report({ kind: 'gap', gaps });
    const tooLong = gaps.filter(({ from, to }) => to - from > settings.longest);
    if (tooLong.length > 0) {
      const lost = tooLong.map((gap) => ({ ...gap, to: gap.to - settings.longest }));
      this.#lose(lost);
      report({ kind: 'gap-lost', gaps: lost, why: 'too-long' });
    }
    const capped = gaps.map((gap) =>
      gap.to - gap.from > settings.longest ? { ...gap, from: gap.to - settings.longest } : gap,
    );
    const { asks, unfillable } = refillsFor(capped, history);
    if (unfillable.length > 0) {
      this.#lose(unfillable);
      report({ kind: 'gap-lost', gaps: unfillable, why: 'no-history' });
    }
    backfill.refill(asks);
  }

  #lose(gaps: readonly Gap[]): void {
    this.#given.push(...gaps);
    this.#given.splice(0, this.#given.length - mostGiven);
  }
}

const meets = (span: { readonly from: Nanos; readonly to: Nanos }, from: Nanos, to: Nanos): boolean =>
  span.from <= to && span.to >= from;
