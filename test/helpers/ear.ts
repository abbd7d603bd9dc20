import type { MarketEvent } from '../../market/event.ts';
import type { Feed, Listener, Notice } from '../../client/feeds/feed.ts';

/** What a feed makes of its frames, in their order. */
export class Ear implements Listener {
  readonly events: MarketEvent[] = [];
  readonly notices: Notice[] = [];

  event(event: MarketEvent): void {
    this.events.push(event);
  }

  notice(notice: Notice): void {
    this.notices.push(notice);
  }
}

/** What one frame says: text, or bytes. */
export function heard(feed: Feed, frame: string | Uint8Array): Ear {
  const ear = new Ear();
  feed.hear(Buffer.from(frame), ear);
  return ear;
}
