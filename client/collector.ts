import type { Cancel, Clock } from '../market/clock.ts';
import type { Channel, MarketEvent, Nanos } from '../market/event.ts';
import { second } from '../market/nanos.ts';
import { BarMaker, type BarLosses } from './bars/index.ts';
import type { Batch } from './batch.ts';
import { Cleaning, type Refused, type RuleCount } from './cleaning.ts';
import { Connection, type ConnectionState } from './connection.ts';
import type { Report } from './conversation.ts';
import { openFeed, openHistory } from './feeds/index.ts';
import type { Ask, Feed, History, Wants } from './feeds/feed.ts';
import {
  Backfill,
  type BackfillReport,
  type Gap,
  type GapReport,
  Gaps,
  type KeptGaps,
  type KeptReport,
  type Refill,
} from './gaps/index.ts';
import { openRules } from './rules/index.ts';
import { type CollectorSettings, nameOf, wantsIn } from './settings.ts';

/** How often bars are looked after. */
const glance: Nanos = second;

/** What befalls a collector, for logs. Keys appear as labels only. */
export type CollectorHappening =
  | Report
  | GapReport
  | BackfillReport
  | KeptReport
  | ({ readonly kind: 'refused' } & Refused)
  /** The store could not say what it holds: whatever was missed before now stays missing. */
  | { readonly kind: 'resume-unknown'; readonly why: string };

export interface CollectorParts {
  readonly settings: CollectorSettings;
  readonly clock: Clock;
  /** Chance, in [0, 1). */
  readonly draw: () => number;
  /** Counts requests to history, of all collectors that share sinks. */
  readonly nextAsking: () => number;
  /** Takes cleaned batches. A promise asks for patience. */
  readonly take: (batch: Batch) => Promise<void> | undefined;
  readonly listen: (happening: CollectorHappening) => void;
  /** Where what is missing is kept for the next start, if anywhere. Ends with the collector. */
  readonly kept?: KeptGaps;
  /** Resolves when all that was handed on is safe; until then what it refilled is kept as missing. */
  readonly flush: () => Promise<void>;
}

/**
 * One feed's way from the socket to the sinks: what its connection hears is cleaned, what was missed is found and asked of history, and bars
 * are made of both. Starts with `start`; disposing it says goodbye to the vendor and hands on what is under way.
 */
export class Collector implements AsyncDisposable {
  readonly name: string;
  readonly dataSource: string;
  readonly feed: Feed;
  readonly history: History;
  readonly wants: Wants;
  readonly #parts: CollectorParts;
  readonly #connection: Connection;
  readonly #cleaning: Cleaning;
  readonly #gaps: Gaps;
  readonly #backfill: Backfill;
  readonly #bars: BarMaker | undefined;
  /** Refilled, and not yet known to be safe. */
  readonly #unsettled = new Set<Ask>();
  #backfilled = 0;
  #glance: Cancel | undefined;
  /** The market's time when bars were looked after last. */
  #lookedAt: Nanos = 0n;

  constructor(parts: CollectorParts) {
    const { settings, clock, draw, nextAsking, listen } = parts;
    this.#parts = parts;
    this.name = nameOf(settings);
    this.feed = openFeed(settings.feed);
    this.history = openHistory(settings.feed);
    this.dataSource = settings.dataSource ?? this.feed.vendor;
    this.wants = wantsIn(settings);
    const { feed, history, wants, dataSource } = this;
    this.#cleaning = new Cleaning(openRules(settings.rules), (refused) => listen({ kind: 'refused', ...refused }));
    this.#backfill = new Backfill({
      history,
      keys: settings.keys,
      clock,
      draw,
      nextAsking,
      settings: settings.backfill,
      keySettings: settings.connection.keys,
      deliver: async (events, asking) => await this.#refilled(events, asking),
      report: (report) => {
        if (report.kind === 'refill-given-up') this.#gaps.givenUp(report.ask);
        if (report.kind === 'refilled' && !report.again) void this.#settle(report.ask);
        else if (report.kind === 'refill-given-up') this.#keep();
        listen(report);
      },
    });
    this.#gaps = new Gaps({ history, backfill: this.#backfill, clock, settings: settings.gaps, report: listen });
    const { make } = settings.bars;
    const makesBars = make === 'always' || (make === 'auto' && !wants.has('bar'));
    const ground: Channel = wants.has('trade') ? 'trade' : 'price';
    this.#bars = makesBars
      ? new BarMaker({
          settings: settings.bars,
          known: (symbol, from, to) => this.#gaps.known(ground, symbol, from, to),
        })
      : undefined;
    this.#connection = new Connection({
      ...{ feed, keys: settings.keys, wants, settings: settings.connection, clock, draw, dataSource },
      listener: {
        batch: (batch) => this.#heard(batch),
        covered: (covered) => this.#gaps.covered(covered.wants),
        lost: ({ wants: lost, why }) => {
          if (why === 'unwanted') this.#gaps.forget(lost);
          else this.#gaps.lost(lost, why === 'mute' ? 'mute' : 'ended');
          this.#keep();
        },
        reported: listen,
      },
    });
  }

  /** What is stored of an earlier life: the newest instant of each symbol. To be told before the start. */
  resume(channel: Channel, newest: ReadonlyMap<string, Nanos>): void {
    for (const [symbol, at] of newest) this.#gaps.seed(channel, symbol, at);
  }

  start(): void {
    this.#remember();
    this.#connection.start();
    if (this.#bars !== undefined && this.#glance === undefined) this.#look();
  }

  /** Subscribes to these instead, at once where it is connected. */
  want(wants: Wants): void {
    this.#connection.want(wants);
  }

  get connection(): ConnectionState {
    return this.#connection.state;
  }

  get rules(): RuleCount[] {
    return this.#cleaning.counts();
  }

  /** Events that history told. */
  get backfilled(): number {
    return this.#backfilled;
  }

  get losses(): BarLosses {
    return this.#bars?.losses ?? { late: 0, partial: 0 };
  }

  /** What is missing: with an end and being asked for, or still open. */
  missing(): { readonly open: readonly Omit<Gap, 'to'>[]; readonly asked: readonly Refill[] } {
    return { open: this.#gaps.open(), asked: this.#backfill.waiting().filter(({ again }) => !again) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#glance?.();
    await this.#connection[Symbol.asyncDispose]();
    await this.#backfill[Symbol.asyncDispose]();
    this.#gaps[Symbol.dispose]();
    this.#keep();
    await this.#parts.kept?.[Symbol.asyncDispose]();
  }

  /** Takes up what was missing when an earlier process ended. */
  #remember(): void {
    const { kept } = this.#parts;
    if (kept === undefined) return;
    for (const { channel, symbol, from } of kept.found.open) {
      const symbols = this.wants.get(channel);
      if (symbols?.has(symbol) === true || symbols?.has('*') === true) this.#gaps.seed(channel, symbol, from);
    }
    this.#backfill.refill(kept.found.asked);
    this.#keep();
  }

  async #settle(ask: Ask): Promise<void> {
    this.#unsettled.add(ask);
    await this.#parts.flush();
    this.#unsettled.delete(ask);
    this.#keep();
  }

  #keep(): void {
    const { kept } = this.#parts;
    if (kept === undefined) return;
    const { open, asked } = this.missing();
    kept.keep({ open, asked: [...this.#unsettled, ...asked.map(({ ask }) => ask)] });
  }

  #heard(heard: Batch): Promise<void> | undefined {
    const batch = this.#cleaning.clean(heard);
    if (batch === undefined) return undefined;
    if (this.#gaps.heard(batch.events, batch.heardAt)) this.#keep();
    return this.#pass(batch);
  }

  async #refilled(events: readonly MarketEvent[], asking: number): Promise<void> {
    const { dataSource } = this;
    const heardAt = this.#parts.clock.now();
    const batch = this.#cleaning.clean({ events, dataSource, origin: 'history', asking, heardAt });
    if (batch === undefined) return;
    this.#backfilled += batch.events.length;
    await this.#pass(batch);
  }

  #pass(batch: Batch): Promise<void> | undefined {
    const wait = this.#parts.take(batch);
    const now = this.#gaps.marketTime;
    if (this.#bars === undefined || now === undefined) return wait;
    this.#bars.take(batch.events, now);
    // Frames come in thousands a second, bars are due a few times a minute. A market that plays again may be earlier than it was.
    if (now >= this.#lookedAt && now < this.#lookedAt + glance) return wait;
    this.#lookedAt = now;
    return both(wait, this.#tellBars());
  }

  /** Hands on the bars that are due. */
  #tellBars(): Promise<void> | undefined {
    const now = this.#gaps.marketTime;
    const events = now === undefined ? [] : (this.#bars?.due(now) ?? []);
    if (events.length === 0) return undefined;
    const { clock, take } = this.#parts;
    // Nobody must take them for the vendor's own.
    return take({ events, dataSource: `${this.dataSource}-built`, origin: 'stream', heardAt: clock.now() });
  }

  #look(): void {
    const { clock } = this.#parts;
    this.#glance = clock.wake(clock.now() + glance, () => {
      void this.#tellBars();
      this.#look();
    });
  }
}

function both(one: Promise<void> | undefined, other: Promise<void> | undefined): Promise<void> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.then(() => other);
}
