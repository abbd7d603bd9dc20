import { z } from 'zod';
import { channels, type Channel } from '../../market/event.ts';
import { countOf, minus, nothing, plus, wantsOf, type Wants } from '../wants.ts';
import { lists } from './views.ts';

/** Symbols of one message. */
const mostSymbols = 1000;
/** Symbols times channels of one listener. */
const mostHeld = 50_000;
const symbols = z.array(z.string().min(1).max(300)).min(1).max(mostSymbols);
const named = z.array(z.enum(channels)).min(1);

/** What a listener may say. */
const word = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('subscribe'), symbols, channels: named.optional() }),
  z.strictObject({ type: z.literal('unsubscribe'), symbols: symbols.optional(), channels: named.optional() }),
  z.strictObject({ type: z.literal('heartbeat') }),
]);

export type Held = Wants | 'everything';

/** What is answered, and what the listener hears from now on; absent when that stays as it is. */
export interface Answer {
  readonly held?: Held;
  readonly says: object | 'heartbeat';
}

/** All channels of a symbol. */
export const allOf = (symbol: string): Wants => wantsOf(channels.map((channel) => [channel, [symbol]]));

/** Takes a message of a listener. Until it subscribes to something, one that hears everything goes on doing so. */
export function answerTo(text: string, held: Held): Answer {
  const { data, error } = word.safeParse(parsed(text));
  if (data === undefined) return refused(z.prettifyError(error));
  if (data.type === 'heartbeat') return { says: 'heartbeat' };
  const ofChannels = (one: readonly string[]): Wants =>
    wantsOf((data.channels ?? channels).map((channel): [Channel, readonly string[]] => [channel, one]));
  const own = held === 'everything' ? nothing : held;
  if (data.type === 'subscribe') {
    const next = plus(own, ofChannels(data.symbols));
    if (countOf(next) > mostHeld) return refused(`more than ${mostHeld} subscriptions; ask for fewer, or for *`);
    return subscribed(next);
  }
  if (data.symbols !== undefined) return subscribed(minus(own, ofChannels(data.symbols)));
  const leaving = new Set<Channel>(data.channels ?? channels);
  return subscribed(new Map([...own].filter(([channel]) => !leaving.has(channel))));
}

function subscribed(held: Wants): Answer {
  return { held, says: { type: 'subscribed', channels: lists(held) } };
}

function refused(detail: string): Answer {
  return { says: { type: 'refused', detail } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema then says what it expected.
    return undefined;
  }
}
