import { once } from 'node:events';
import { vi, expect } from 'vitest';
import { WebSocket } from 'ws';
import type { Ask, Feed, History, Key, Request, Wants } from '../../client/feeds/feed.ts';
import type { MarketEvent } from '../../market/event.ts';
import { Ear } from './ear.ts';

/** Who knows nothing but a feed: it connects as the feed says, logs in when greeted and subscribes when let in. */
export class FeedCaller implements Disposable {
  readonly ear = new Ear();
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async call(feed: Feed, key: Key, wants: Wants): Promise<FeedCaller> {
    const { url, headers } = feed.address(key);
    const socket = new WebSocket(url, { headers });
    const caller = new FeedCaller(socket);
    socket.on('message', (data: Buffer) => feed.hear(data, caller.ear));
    await once(socket, 'open');
    if (feed.greets) await caller.hears('greeted');
    const login = feed.login(key);
    if (login !== undefined) socket.send(login);
    await caller.hears('logged-in');
    for (const message of feed.subscribe(wants)) socket.send(message);
    await caller.hears('holds');
    return caller;
  }

  async hears(kind: string): Promise<void> {
    await vi.waitFor(() => expect(this.ear.notices.map((notice) => notice.kind)).toContain(kind), { timeout: 10_000 });
  }

  async hasHeard(count: number): Promise<readonly MarketEvent[]> {
    await vi.waitFor(() => expect(this.ear.events.length).toBeGreaterThanOrEqual(count), { timeout: 20_000 });
    return this.ear.events;
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}

/** All pages of an ask, one after the other. */
export async function fetchAll(history: History, ask: Ask, key: Key): Promise<readonly MarketEvent[][]> {
  const pages: MarketEvent[][] = [];
  for (let request: Request | undefined = history.request(ask, key); request !== undefined;) {
    const response = await fetch(request.url, { headers: request.headers });
    const headers = Object.fromEntries(response.headers);
    const answer = history.read(ask, request, response.status, headers, await response.text());
    if (answer.kind === 'refused') throw new Error(`${answer.why}: ${answer.message}`);
    expect(answer.unreadable).toBe(0);
    pages.push([...answer.events]);
    request = answer.next;
  }
  return pages;
}
