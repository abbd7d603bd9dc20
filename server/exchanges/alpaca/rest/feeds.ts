import { minute } from '../../../../market/nanos.ts';
import type { Nanos } from '../../../../market/event.ts';
import type { Access, RestAnswer } from '../../exchange.ts';
import { refused } from './answers.ts';

/** What a plan without a feed may not see of it: its last quarter of an hour, to the second (measured 2026-09). */
const embargo: Nanos = 15n * minute;

export const historyFeeds = ['sip', 'iex', 'boats', 'otc'] as const;
export const latestFeeds = ['sip', 'iex', 'delayed_sip', 'boats', 'overnight', 'otc'] as const;
export const optionFeeds = ['opra', 'indicative'] as const;
export type Feed = (typeof latestFeeds)[number] | (typeof optionFeeds)[number];

/** May this key see the feed as it happens? What is open to everybody anyway has no feed. */
function isLive(feed: Feed | undefined, { feeds }: Access): boolean {
  return feed === undefined || feed === 'delayed_sip' || feed === 'indicative' || feeds?.includes(feed) !== false;
}

const tooRecent = (feed: Feed): RestAnswer =>
  refused(403, `subscription does not permit querying recent ${feed.toUpperCase()} data`);

/**
 * The instants a request for history means, defaults filled in: since the beginning of the day, until now, or until 15 minutes ago
 * without the feed. Only an `end` that is too recent is refused, and then the whole request, future ones included (measured 2026-09).
 */
export function periodOf(
  asked: { readonly start?: Nanos | undefined; readonly end?: Nanos | undefined },
  feed: Feed | undefined,
  midnight: (at: Nanos) => Nanos,
  access: Access,
): { readonly from: Nanos; readonly to: Nanos } | { readonly refusal: RestAnswer } {
  const { now } = access.history;
  const seen = isLive(feed, access) ? now : now - embargo;
  const { end } = asked;
  if (feed !== undefined && seen < now && end !== undefined && end > seen) return { refusal: tooRecent(feed) };
  const today = midnight(now);
  const from = asked.start ?? (today < seen ? today : seen);
  if (asked.start !== undefined && end !== undefined && end < asked.start) {
    return { refusal: refused(400, 'end should not be before start') };
  }
  return { from, to: end ?? seen };
}

/** The feed of a request for the latest; the best the plan has when it names none (sheet §7). */
export function latestFeed<Name extends Feed>(
  asked: Name | undefined,
  best: Name,
  other: Name,
  access: Access,
): { readonly feed: Name } | { readonly refusal: RestAnswer } {
  if (asked === undefined) return { feed: isLive(best, access) ? best : other };
  return isLive(asked, access) ? { feed: asked } : { refusal: tooRecent(asked) };
}
