import { z } from 'zod';
import { connectionSettings, type ConnectionSettings } from '../../../client/connection-settings.ts';
import {
  conversation,
  type Conversation,
  type Deadline,
  type Input,
  next,
  type Order,
  type Phase,
  type Report,
} from '../../../client/conversation.ts';
import { deniedOf } from '../../../client/conversation/subscriptions.ts';
import type { Feed, Notice, Wants } from '../../../client/feeds/feed.ts';
import type { Nanos } from '../../../market/event.ts';
import { opening, trade } from '../../helpers/events.ts';
import { smallFeed } from './small-feed.ts';

type OrderOf<Kind extends Order['order']> = Extract<Order, { readonly order: Kind }>;
type ReportOf<Kind extends Report['kind']> = Extract<Report, { readonly kind: Kind }>;
const said = z.looseObject({ action: z.string().optional(), trades: z.array(z.string()).optional() });

/** A conversation with nobody at the other end but a test, whose time stands still until a deadline is let pass. */
export class Talk {
  state: Conversation;
  now: Nanos = opening;
  draw = 0;
  /** All there were, and those of the last input. */
  readonly orders: Order[] = [];
  lastOrders: readonly Order[] = [];
  readonly armed = new Map<Deadline, Nanos>();
  readonly #feed: Feed;
  readonly #settings: ConnectionSettings;
  readonly #keys: readonly { id: string; secret: string }[];

  constructor(wants: Wants, feed: Partial<Feed> = {}, keys: readonly string[] = ['one']) {
    this.#feed = smallFeed('ws://127.0.0.1', feed);
    this.#settings = connectionSettings.parse({});
    this.#keys = keys.map((id) => ({ id, secret: 's' }));
    this.state = conversation(this.#keys, wants, this.now);
  }

  get phase(): Phase {
    return this.state.stage.phase;
  }
  get held(): Wants {
    return this.state.subscriptions.held;
  }
  get denied(): Wants {
    return deniedOf(this.state.subscriptions);
  }
  /** How long until it dials. */
  get wait(): Nanos | undefined {
    const at = this.armed.get('dial');
    return at === undefined ? undefined : at - this.now;
  }
  /** What it sent, as objects. */
  get sent(): z.output<typeof said>[] {
    return this.told('send').map(({ message }) => said.parse(JSON.parse(String(message))));
  }

  told<Kind extends Order['order']>(kind: Kind): OrderOf<Kind>[] {
    return this.orders.filter((order): order is OrderOf<Kind> => order.order === kind);
  }
  reports<Kind extends Report['kind']>(kind: Kind): ReportOf<Kind>[] {
    return this.told('report')
      .map(({ report }) => report)
      .filter((report): report is ReportOf<Kind> => report.kind === kind);
  }

  give(input: Input): void {
    const { state, orders } = next(this.state, input, {
      feed: this.#feed,
      keys: this.#keys,
      settings: this.#settings,
      now: this.now,
      draw: this.draw,
    });
    this.state = state;
    this.lastOrders = orders;
    this.orders.push(...orders);
    for (const order of orders) {
      if (order.order === 'arm') this.armed.set(order.deadline, order.at);
      else if (order.order !== 'disarm') continue;
      else if (order.deadline === 'all') this.armed.clear();
      else this.armed.delete(order.deadline);
    }
  }

  hear(...notices: Notice[]): void {
    this.give({ kind: 'heard', notices, events: [] });
  }
  data(symbol: string): void {
    this.give({ kind: 'heard', notices: [], events: [trade(this.now, { symbol })] });
  }

  /** Lets the time of a deadline come. Throws when nobody waits for it. */
  elapse(deadline: Deadline): void {
    const at = this.armed.get(deadline);
    if (at === undefined) throw new Error(`nobody waits for ${deadline}`);
    this.armed.delete(deadline);
    if (at > this.now) this.now = at;
    this.give({ kind: 'due', deadline });
  }

  arrive({ upTo = 'subscribing' }: { upTo?: Phase } = {}): this {
    this.give({ kind: 'start' });
    this.elapse('dial');
    return this.arriveFrom('opening', upTo);
  }
  arriveFrom(_: 'opening', upTo: Phase = 'subscribing'): this {
    this.give({ kind: 'opened' });
    this.hear({ kind: 'greeted' });
    if (upTo === 'subscribing') this.hear({ kind: 'logged-in' });
    return this;
  }
  live({ data = true }: { data?: boolean } = {}): this {
    this.arrive();
    this.hear({ kind: 'holds', wants: this.state.subscriptions.wants });
    if (data) this.data('AAPL');
    return this;
  }
}
