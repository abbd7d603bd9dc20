import type { Trouble } from '../feeds/feed.ts';

/**
 * What a conversation does about trouble: `again` connects anew after a pause, `next-key` with another key, `make-room` with another key or
 * after a longer pause; `deny` keeps what is granted and goes on without the rest, `hold` asks for nothing more for a while.
 */
export type Answer = 'again' | 'next-key' | 'make-room' | 'deny' | 'hold';

/** Before the vendor let us in, and after. */
export const answers: Readonly<Record<Trouble, { readonly outside: Answer; readonly inside: Answer }>> = {
  'bad-key': { outside: 'next-key', inside: 'next-key' },
  'login-timeout': { outside: 'again', inside: 'again' },
  // Alpaca's ghost of a connection that vanished holds the place for some 90 s (sheet §2.3); Polygon puts out the oldest (sheet §2).
  'too-many-connections': { outside: 'make-room', inside: 'make-room' },
  // Alpaca answers a login with it (409), where another key may have the plan; Polygon a subscription.
  'not-entitled': { outside: 'next-key', inside: 'deny' },
  'too-many-symbols': { outside: 'again', inside: 'deny' },
  // Twelve Data keeps the connection of who says too much, and asks to wait for the next minute (sheet §3).
  'too-many-requests': { outside: 'make-room', inside: 'hold' },
  'slow-client': { outside: 'again', inside: 'again' },
  'bad-request': { outside: 'again', inside: 'deny' },
  'not-found': { outside: 'again', inside: 'again' },
  'sent-away': { outside: 'again', inside: 'again' },
  'vendor-error': { outside: 'again', inside: 'again' },
};
