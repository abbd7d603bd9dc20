import type { Command, Notice, Wish } from '../exchange.ts';

/**
 * Reads a client's message. The recycler heard none, although its documents promise that it "simulates authentication and subscription
 * responses"; so Alpaca's auth, subscribe and unsubscribe are understood, and all else is ignored.
 */
export function decode(message: Buffer): Command {
  const said = fieldsOf(message);
  const bars = said.get('bars');
  const asked: readonly Wish[] = Array.isArray(bars)
    ? [{ channels: ['bar'], symbols: bars.filter((symbol) => typeof symbol === 'string' && symbol !== '') }]
    : [];
  switch (said.get('action')) {
    case 'auth':
      // Everybody is logged in already and only waits to hear so.
      return { kind: 'ping' };
    case 'subscribe':
      return { kind: 'subscribe', to: asked };
    case 'unsubscribe':
      return { kind: 'unsubscribe', from: asked };
    default:
      return { kind: 'nonsense', why: 'bad-syntax' };
  }
}

/** Speaks only when spoken to, with an array of one object a frame, as Alpaca does; it has no words for a refusal. */
export function noticeFrames(notice: Notice): readonly Buffer[] {
  switch (notice.kind) {
    case 'welcome':
    case 'logged-in':
    case 'listening':
    case 'reset':
    case 'refused':
      return [];
    case 'pong':
      return [Buffer.from('[{"T":"success","msg":"authenticated"}]')];
    case 'subscribed':
    case 'unsubscribed': {
      const bars = notice.all.find(({ channel }) => channel === 'bar')?.symbols ?? [];
      const lists = { trades: [], quotes: [], bars, updatedBars: [], dailyBars: [] };
      return [Buffer.from(JSON.stringify([{ T: 'subscription', ...lists }]))];
    }
  }
}

function fieldsOf(message: Buffer): ReadonlyMap<string, unknown> {
  try {
    const said: unknown = JSON.parse(message.toString());
    return new Map(typeof said === 'object' && said !== null && !Array.isArray(said) ? Object.entries(said) : []);
  } catch (error) {
    if (error instanceof SyntaxError) return new Map();
    throw error;
  }
}
