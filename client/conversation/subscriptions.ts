import type { Channel, MarketEvent } from '../../market/event.ts';
import {
  countOf,
  eachOf,
  type Feed,
  minus,
  type Message,
  nothing,
  type Notice,
  plus,
  type Wants,
  wantsOf,
} from '../feeds/feed.ts';
import type { ConnectionSettings } from '../connection-settings.ts';
import { both } from '../wants.ts';
import type { Denial } from './report.ts';

/** One request and what has come of it. Only one is under way, so that an answer without names is about it. */
interface Asking {
  readonly missing: Wants;
  /** How often it was sent. */
  readonly times: number;
  /** In how many messages. */
  readonly messages: number;
  /** That something of it is refused, and how often it was said; the vendor does not say what. */
  readonly refusal: (Omit<Denial, 'wants'> & { readonly count: number }) | undefined;
}

/** A request that waits for its turn. `afresh`: unsubscribed first, since a vendor may ignore what it believes to send already. */
interface Part {
  readonly wants: Wants;
  readonly afresh: boolean;
}

/** What is wanted of a vendor and what it sends. */
export interface Subscriptions {
  readonly wants: Wants;
  readonly held: Wants;
  readonly denials: readonly Denial[];
  readonly asking: Asking | undefined;
  readonly parts: readonly Part[];
  readonly splits: number;
}

/** What has changed. `asked`: a request was sent, whose answer is awaited from now on. */
export interface Change {
  readonly subscriptions: Subscriptions;
  readonly send: readonly Message[];
  readonly asked: boolean;
  readonly covered: Wants;
  readonly lost: Wants;
  readonly denied: readonly Denial[];
}

type Limits = Pick<ConnectionSettings, 'asks' | 'splits'>;

/** Before anything was asked: as at the beginning of each connection. */
export const unasked = (wants: Wants): Subscriptions => ({
  wants,
  held: nothing,
  denials: [],
  asking: undefined,
  parts: [],
  splits: 0,
});

export const deniedOf = ({ denials }: Subscriptions): Wants => wantsOf(denials.flatMap(({ wants }) => [...wants]));

/** Asks for what is wanted and neither held nor denied; what is awaited already comes first. */
export function ask(before: Subscriptions, feed: Feed): Change {
  return goOn(unchanged(before), feed);
}

/** Wants something else from now on: gives back what is wanted no longer, and asks for the rest. */
export function want(before: Subscriptions, wants: Wants, feed: Feed, limits: Limits): Change {
  const dropped = minus(before.held, wants);
  const { asking } = before;
  const subscriptions: Subscriptions = {
    ...before,
    wants,
    held: minus(before.held, dropped),
    denials: before.denials.map((denial) => ({ ...denial, wants: both(denial.wants, wants) })).filter(isSome),
    asking: asking && { ...asking, missing: both(asking.missing, wants) },
  };
  const awaited = minus(asking?.missing ?? nothing, wants);
  const gone = plus(dropped, awaited);
  const send = countOf(gone) > 0 ? feed.unsubscribe(gone) : [];
  return goOn(settle({ ...unchanged(subscriptions), send, lost: dropped }, limits, false), feed);
}

/** Asks afresh for what is held and yet does not come. */
export function renew(before: Subscriptions, wants: Wants, feed: Feed): Change {
  const mute = both(before.held, wants);
  if (countOf(mute) === 0) return unchanged(before);
  const parts = [...before.parts, { wants: mute, afresh: true }];
  const change = unchanged({ ...before, held: minus(before.held, mute), parts });
  return goOn({ ...change, lost: mute }, feed);
}

/** Takes in what a frame says, in its order. Data of what was asked for proves that it is granted. */
export function answer(
  before: Subscriptions,
  notices: readonly Notice[],
  events: readonly MarketEvent[],
  feed: Feed,
  limits: Limits,
): Change {
  const { wants, asking } = before;
  const proofs = asking === undefined ? nothing : proven(asking.missing, events);
  if (notices.length === 0 && proofs.size === 0) return unchanged(before);
  let held = drafted(plus(before.held, proofs));
  const denied: Denial[] = [];
  let refusal = asking?.refusal;
  for (const notice of notices) {
    if (notice.kind === 'holds') held = drafted(both(wants, notice.wants));
    else if (notice.kind === 'granted') add(held, both(notice.wants, wants));
    else if (notice.kind === 'released') remove(held, notice.wants);
    else if (notice.kind === 'denied') {
      const { why, message } = notice;
      if (notice.wants === undefined) refusal = { why, message, count: (refusal?.count ?? 0) + 1 };
      else {
        remove(held, notice.wants);
        addDenial(denied, { wants: both(notice.wants, wants), why, message });
      }
    }
  }
  const holds = wantsOf(held);
  const refused = wantsOf(denied.flatMap((denial) => [...denial.wants]));
  const fresh = minus(holds, before.held);
  const settledNow = plus(fresh, refused);
  const earlier = before.denials.map((denial) => ({ ...denial, wants: minus(denial.wants, settledNow) }));
  const subscriptions: Subscriptions = {
    ...before,
    held: holds,
    denials: [...earlier, ...denied].filter(isSome),
    asking: asking && { ...asking, missing: minus(minus(asking.missing, holds), refused), refusal },
  };
  const change = { ...unchanged(subscriptions), covered: fresh, lost: minus(before.held, holds), denied };
  return goOn(settle(change, limits, false), feed);
}

/** The answer is overdue: asks again for what is missing, or does without it. */
export function overdue(before: Subscriptions, feed: Feed, limits: Limits): Change {
  const change = settle(unchanged(before), limits, true);
  const { asking } = change.subscriptions;
  if (asking === undefined) return goOn(change, feed);
  const times = asking.times + 1;
  return request(change, { wants: asking.missing, afresh: times >= limits.asks }, times, feed);
}

const unchanged = (subscriptions: Subscriptions): Change => ({
  subscriptions,
  send: [],
  asked: false,
  covered: nothing,
  lost: nothing,
  denied: [],
});

const isSome = ({ wants }: { readonly wants: Wants }): boolean => wants.size > 0;

/** Denials of one frame for one reason are one. */
function addDenial(denials: Denial[], denial: Denial): void {
  const same = denials.findIndex(({ why, message }) => why === denial.why && message === denial.message);
  const before = denials[same];
  if (before === undefined) denials.push(denial);
  else denials[same] = { ...before, wants: plus(before.wants, denial.wants) };
}

/** What is missing no longer, as its data comes. */
function proven(missing: Wants, events: readonly MarketEvent[]): Wants {
  const grants = new Map<Channel, Set<string>>();
  for (const { kind, symbol } of events) {
    const symbols = missing.get(kind);
    if (symbols === undefined) continue;
    if (symbols.has(symbol)) add(grants, new Map([[kind, new Set([symbol])]]));
    else if (symbols.has('*')) add(grants, new Map([[kind, new Set(['*'])]]));
  }
  return grants;
}

type Draft = Map<Channel, Set<string>>;
const drafted = (wants: Wants): Draft => new Map([...wants].map(([channel, symbols]) => [channel, new Set(symbols)]));

function add(draft: Draft, more: Wants): void {
  for (const [channel, symbol] of eachOf(more)) {
    const held = draft.get(channel);
    if (held === undefined) draft.set(channel, new Set([symbol]));
    else held.add(symbol);
  }
}

function remove(draft: Draft, gone: Wants): void {
  for (const [channel, symbol] of eachOf(gone)) draft.get(channel)?.delete(symbol);
}

/** Ends the request under way if nothing of it is left, or if its time is over; what is left then is denied, halved, or asked for again. */
function settle(change: Change, limits: Limits, isOverdue: boolean): Change {
  const { subscriptions } = change;
  const { asking } = subscriptions;
  if (asking === undefined) return change;
  const { missing, refusal, messages, times } = asking;
  const left = countOf(missing);
  const done: Change = { ...change, subscriptions: { ...subscriptions, asking: undefined } };
  if (left === 0) return done;
  if (refusal === undefined) {
    if (!isOverdue) return change;
    if (times >= limits.asks) return deny(done, { wants: missing, why: 'unconfirmed', message: 'no answer' });
    return change;
  }
  // As many refusals as are missing name them all, unless there was no room: then some may fit.
  const isAll = left === 1 || (refusal.count >= left && refusal.why !== 'too-many-symbols');
  if (isAll) return deny(done, { wants: missing, ...refusal });
  // With more messages under way, the next answers tell more.
  if (messages > 1 && !isOverdue) return change;
  return split(done, missing, refusal, limits);
}

function deny(change: Change, { wants, why, message }: Denial): Change {
  const denial: Denial = { wants, why, message };
  const { subscriptions, denied } = change;
  let parts = subscriptions.parts;
  const all = [denial];
  // Where there is no room for one there is none for the others of its channel.
  if (why === 'too-many-symbols') {
    const channels = new Set(wants.keys());
    const full = wantsOf(parts.flatMap((part) => [...part.wants]).filter(([channel]) => channels.has(channel)));
    if (full.size > 0) all.push({ wants: full, why, message });
    parts = parts.map((part) => ({ ...part, wants: minus(part.wants, full) })).filter(isSome);
  }
  const denials = [...subscriptions.denials, ...all];
  return { ...change, subscriptions: { ...subscriptions, parts, denials }, denied: [...denied, ...all] };
}

/** Asks for each half of what was refused as a whole: one that is too much, or wrong, need not cost the others. */
function split(change: Change, wants: Wants, { why, message }: Omit<Denial, 'wants'>, limits: Limits): Change {
  const { subscriptions } = change;
  if (subscriptions.splits >= limits.splits) return deny(change, { wants, why, message });
  const each = [...eachOf(wants)];
  const middle = Math.ceil(each.length / 2);
  const halves = [each.slice(0, middle), each.slice(middle)].map((half) => ({
    wants: wantsOf(half.map(([channel, symbol]) => [channel, [symbol]])),
    afresh: false,
  }));
  const parts = [...halves, ...subscriptions.parts];
  return { ...change, subscriptions: { ...subscriptions, parts, splits: subscriptions.splits + 1 } };
}

/** Asks for what is next, if nothing is under way: what waits for its turn first, then whatever is wanted and has no answer. */
function goOn(change: Change, feed: Feed): Change {
  const { subscriptions } = change;
  if (subscriptions.asking !== undefined) return change;
  const { wants, held, parts } = subscriptions;
  const open = minus(minus(wants, held), deniedOf(subscriptions));
  const [part, ...rest] = parts;
  if (part !== undefined) {
    const shorter = { ...change, subscriptions: { ...subscriptions, parts: rest } };
    const left = both(part.wants, open);
    return left.size === 0 ? goOn(shorter, feed) : goOn(request(shorter, { ...part, wants: left }, 1, feed), feed);
  }
  if (open.size === 0) return change;
  const foreign = wantsOf([...open].filter(([channel]) => !feed.channels.includes(channel)));
  if (foreign.size > 0) {
    const message = `${feed.name} has no ${[...foreign.keys()].join(', ')}`;
    return goOn(deny(change, { wants: foreign, why: 'bad-request', message }), feed);
  }
  return goOn(request(change, { wants: open, afresh: false }, 1, feed), feed);
}

function request(change: Change, { wants, afresh }: Part, times: number, feed: Feed): Change {
  const { subscriptions } = change;
  const subscribe = feed.subscribe(wants);
  const messages = [...change.send, ...(afresh ? feed.unsubscribe(wants) : []), ...subscribe];
  if (subscribe.length === 0) {
    return deny(change, { wants, why: 'bad-request', message: `${feed.name} has no words for it` });
  }
  if (!feed.acknowledges) {
    const held = plus(subscriptions.held, wants);
    return {
      ...change,
      send: messages,
      covered: plus(change.covered, wants),
      subscriptions: { ...subscriptions, held, asking: undefined },
    };
  }
  const asking: Asking = { missing: wants, times, messages: subscribe.length, refusal: undefined };
  return { ...change, send: messages, asked: true, subscriptions: { ...subscriptions, asking } };
}
