import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Feed, Key, Listener, Notice, Wants } from '../../client/feeds/feed.ts';
import type { MarketEvent } from '../../market/event.ts';

/** What a feed made of frames: everything in its order, and the events and notices by themselves. */
export class FeedHeard implements Listener {
  readonly all: (MarketEvent | Notice)[] = [];
  readonly events: MarketEvent[] = [];
  readonly notices: Notice[] = [];

  event(event: MarketEvent): void {
    this.all.push(event);
    this.events.push(event);
  }

  notice(notice: Notice): void {
    this.all.push(notice);
    this.notices.push(notice);
  }
}

/** What a feed hears of frames: texts and bytes as they are, anything else as JSON. */
export function hearing(feed: Feed, ...frames: readonly unknown[]): FeedHeard {
  const heard = new FeedHeard();
  for (const frame of frames) {
    const payload = Buffer.isBuffer(frame)
      ? frame
      : Buffer.from(typeof frame === 'string' ? frame : JSON.stringify(frame));
    feed.hear(payload, heard);
  }
  return heard;
}

/** A feed on a real socket, logged in and subscribed as its vendor asks, which waits for what it hears and never for time. */
export class FeedEar implements AsyncDisposable {
  readonly heard = new FeedHeard();
  readonly socket: WebSocket;
  readonly #looking = new Set<() => void>();

  private constructor(feed: Feed, key: Key) {
    const { url, headers } = feed.address(key);
    this.socket = new WebSocket(url, { headers });
    this.socket.on('message', (data: Buffer) => {
      feed.hear(data, this.heard);
      this.#look();
    });
    this.socket.on('close', () => this.#look());
    this.socket.on('error', () => undefined);
  }

  static async subscribed(feed: Feed, wants: Wants, key: Key = { id: 'key', secret: 'secret' }): Promise<FeedEar> {
    const ear = new FeedEar(feed, key);
    await once(ear.socket, 'open');
    if (feed.greets) await ear.until(({ notices }) => notices.some(({ kind }) => kind === 'greeted'));
    const login = feed.login(key);
    if (login !== undefined) {
      ear.socket.send(login);
      await ear.until(({ notices }) => notices.some(({ kind }) => kind === 'logged-in'));
    }
    for (const message of feed.subscribe(wants)) {
      const before = ear.heard.notices.length;
      ear.socket.send(message);
      await ear.until(({ notices }) => notices.length > before);
    }
    return ear;
  }

  /** Resolves when it is so, or the connection has ended. */
  async until(met: (heard: FeedHeard) => boolean): Promise<void> {
    while (!met(this.heard) && this.socket.readyState < WebSocket.CLOSING) {
      await new Promise<void>((resolve) => this.#looking.add(resolve));
    }
  }

  #look(): void {
    for (const look of this.#looking) look();
    this.#looking.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.terminate();
    await once(this.socket, 'close');
  }
}
