import { Connection, type ConnectionOptions } from '../../../client/connection.ts';
import { RotatingConnection } from '../../../client/rotation.ts';
import { connectionSettings } from '../../../client/connection-settings.ts';
import type { LostWhy, Report } from '../../../client/conversation.ts';
import type { Feed, Wants } from '../../../client/feeds/feed.ts';
import { ManualClock } from '../../../market/clock.ts';
import type { MarketEvent, Nanos } from '../../../market/event.ts';
import { millis, seconds } from '../../../market/nanos.ts';
import type { Papertape } from '../../../server/index.ts';
import type { InjectionInput } from '../../../server/scenario/injection-now.ts';
import type { ScenarioInput } from '../../../server/scenario/schema.ts';
import { opening, trade } from '../../helpers/events.ts';
import { serve } from '../../helpers/serve.ts';
import { smallFeed, tradesOf } from './small-feed.ts';

export const two = tradesOf('AAPL', 'MSFT');

/** Ten trades a second of each of two symbols, for ten minutes. */
const lively: readonly MarketEvent[] = Array.from({ length: 6000 }, (_, index) =>
  ['AAPL', 'MSFT'].map((symbol) => trade(opening + millis(100 * index), { symbol, id: String(index + 1) })),
).flat();

type ReportOf<Kind extends Report['kind']> = Extract<Report, { readonly kind: Kind }>;
interface Lost {
  readonly wants: Wants;
  readonly at: Nanos;
  readonly why: LostWhy;
}

export interface RigOptions extends Partial<Omit<ConnectionOptions, 'feed' | 'keys' | 'settings'>> {
  readonly feed?: Partial<Feed>;
  readonly keys?: readonly string[];
  readonly settings?: Parameters<typeof connectionSettings.parse>[0];
  readonly scenario?: Partial<ScenarioInput>;
  /** Two connections at a time while keys change. */
  readonly isRotating?: boolean;
}

/** A connection, and the exchange at the other end of its socket; one clock for both, which moves only when told. */
export class Rig implements AsyncDisposable {
  readonly clock: ManualClock;
  readonly papertape: Papertape;
  readonly connection: Connection | RotatingConnection;
  readonly events: MarketEvent[] = [];
  readonly covered: { readonly wants: Wants; readonly at: Nanos }[] = [];
  readonly lost: Lost[] = [];
  readonly reports: Report[] = [];
  /** What taking a batch resolves with, where a test makes it wait. */
  patience: (() => Promise<void> | undefined) | undefined;
  readonly #looking = new Set<() => void>();

  private constructor(
    clock: ManualClock,
    papertape: Papertape,
    { feed, keys = ['one'], isRotating = false, ...given }: RigOptions,
  ) {
    this.clock = clock;
    this.papertape = papertape;
    const Kind = isRotating ? RotatingConnection : Connection;
    this.connection = new Kind({
      wants: two,
      draw: () => 0,
      clock,
      ...given,
      feed: smallFeed(`${papertape.url}/v2/iex`, feed),
      keys: keys.map((id) => ({ id, secret: `secret of ${id}` })),
      settings: connectionSettings.parse(given.settings ?? {}),
      listener: {
        batch: ({ events }) => {
          this.events.push(...events);
          this.#changed();
          return this.patience?.();
        },
        covered: (what) => this.#changed(this.covered.push(what)),
        lost: (what) => this.#changed(this.lost.push(what)),
        reported: (report) => this.#changed(this.reports.push(report)),
      },
    });
  }

  static async start(options: RigOptions = {}): Promise<Rig> {
    const clock = new ManualClock(opening);
    // The clock runs faster than a client could answer pings.
    const endpoints = { alpaca: { serverPing: 'off' } } as const;
    const papertape = await serve(lively, { speed: 1 }, { endpoints, ...options.scenario }, clock);
    const rig = new Rig(clock, papertape, options);
    rig.connection.start();
    await clock.advance(0n);
    return rig;
  }

  /** Connected, subscribed, and so many seconds of data heard. */
  static async live(options: RigOptions = {}, span = 1): Promise<Rig> {
    const rig = await Rig.start(options);
    await rig.until(() => rig.connection.state.phase === 'live');
    rig.papertape.run.play();
    await rig.hear(span);
    return rig;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.papertape[Symbol.asyncDispose]();
    await this.connection[Symbol.asyncDispose]();
  }

  /** Resolves once it is true, looked at whenever the connection says something. */
  async until(isTrue: () => boolean): Promise<void> {
    if (isTrue()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!isTrue()) return;
        this.#looking.delete(look);
        resolve();
      };
      this.#looking.add(look);
    });
  }

  /** Lets so many seconds pass in which data comes. */
  async hear(span: number): Promise<void> {
    for (let second = 0; second < span; second++) {
      const before = this.events.length;
      await this.clock.advance(seconds(1));
      await this.until(() => this.events.length >= before + 10);
    }
  }

  /** Lets time pass in which nothing need come. */
  async pass(span: number): Promise<void> {
    for (let second = 0; second < span; second++) await this.clock.advance(seconds(1));
  }

  async inject(input: InjectionInput): Promise<void> {
    await this.papertape.run.inject(input);
  }

  told<Kind extends Report['kind']>(kind: Kind): ReportOf<Kind>[] {
    return this.reports.filter((report): report is ReportOf<Kind> => report.kind === kind);
  }

  /** Waits for the end of a connection, and for the next to be live; time passes until it is. Returns how long it waited to dial. */
  async back(ends = 1): Promise<Nanos> {
    await this.until(() => this.told('ended').length >= ends);
    const before = this.clock.now();
    const { dialsAt = before } = this.connection.state;
    const lives = this.told('live').length;
    await this.clock.advance(dialsAt - before);
    await this.until(() => this.told('live').length > lives);
    return dialsAt - before;
  }

  /** Most connections that the exchange had at a time, and all there were. */
  get connections(): { readonly most: number; readonly all: number } {
    let [most, all] = [0, 0];
    const open = new Set<number>();
    for (const entry of this.papertape.trial.entries) {
      if (entry.kind === 'knocked') all++;
      if (entry.kind === 'knocked' && entry.status === 101) open.add(entry.session);
      if (entry.kind === 'closed') open.delete(entry.session);
      most = Math.max(most, open.size);
    }
    return { most, all };
  }

  #changed(_count?: number): void {
    for (const look of this.#looking) look();
  }
}
