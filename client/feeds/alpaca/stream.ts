import type { Channel, Market } from '../../../market/event.ts';
import {
  type Address,
  Complaints,
  type Feed,
  Fields,
  JsonFrames,
  type Key,
  type Listener,
  type Message,
  Unreadable,
  type Wants,
  whyOf,
} from '../feed.ts';
import { eventIn } from './element.ts';
import { keyHeaders } from './key-headers.ts';
import { type Encoding, login, requests } from './messages.ts';
import { isMsgpack, MsgpackReader } from './msgpack-reader.ts';
import { noticeIn } from './notices.ts';
import { type AlpacaOptions, encodingOf, under } from './options.ts';
import { quickEvent } from './quick.ts';
import { refusalOf } from './refusals.ts';
import { type Stream, streams } from './streams.ts';

/** One of Alpaca's data streams (sheet §1-§5). */
export class AlpacaFeed implements Feed {
  readonly vendor = 'alpaca';
  readonly name: string;
  readonly market: Market;
  readonly channels: readonly Channel[];
  /** Within milliseconds of the upgrade, unasked [M LIVE §4.1]. */
  readonly greets = true;
  /** With all that is then subscribed to (sheet §4). */
  readonly acknowledges = true;
  /** None: the server pings every 54 s, and answers pings [M LIVE §6.3, §4.6]. */
  readonly heartbeat = undefined;
  readonly #options: AlpacaOptions;
  readonly #stream: Stream;
  readonly #encoding: Encoding;
  readonly #json: JsonFrames;
  /** Who hears the frame that is being read; nobody between frames. */
  #listener: Listener = silence;

  constructor(options: AlpacaOptions) {
    this.#options = options;
    this.#stream = streams[options.stream];
    this.#encoding = encodingOf(options);
    this.name = `alpaca ${options.stream}`;
    this.market = this.#stream.market;
    this.channels = [...this.#stream.channels.keys()];
    this.#json = new JsonFrames({
      quick: (scan) => {
        const event = quickEvent(this.market, scan);
        if (event !== undefined) this.#listener.event(event);
        return event !== undefined;
      },
      element: (said) => this.#element(said),
      unreadable: (why, excerpt) => this.#unreadable(why, excerpt),
    });
  }

  address(key: Key): Address {
    const { streamUrl, login: how } = this.#options;
    return {
      url: under(streamUrl, this.#stream.path),
      headers: {
        // Asks for the encoding, in both directions [D DSTR].
        ...(this.#encoding === 'msgpack' ? { 'Content-Type': 'application/msgpack' } : {}),
        ...(how === 'headers' ? keyHeaders(key) : {}),
      },
    };
  }

  /** With the key in headers the server says `authenticated` unasked, and a second login is error 403 [D DNEWS]. */
  login(key: Key): Message | undefined {
    return this.#options.login === 'headers' ? undefined : login(key, this.#encoding);
  }

  subscribe(wants: Wants): readonly Message[] {
    return requests('subscribe', wants, this.#stream.channels, this.#encoding);
  }

  unsubscribe(wants: Wants): readonly Message[] {
    return requests('unsubscribe', wants, this.#stream.channels, this.#encoding);
  }

  /** Reads JSON and MessagePack by content: what a server sends is not always what it was asked for (sheet §2.2). */
  hear(frame: Buffer, listener: Listener): void {
    this.#listener = listener;
    try {
      if (isMsgpack(frame)) this.#unpack(frame);
      else this.#json.read(frame);
    } finally {
      this.#listener = silence;
    }
  }

  refusal(status: number, body: string): ReturnType<Feed['refusal']> {
    return refusalOf(status, body);
  }

  #unpack(frame: Buffer): void {
    const reader = new MsgpackReader(frame);
    const complaints = new Complaints(frame, { unreadable: (why, excerpt) => this.#unreadable(why, excerpt) });
    let from = 0;
    try {
      const count = reader.listHead() ?? 1;
      for (let index = 0; index < count; index++) {
        from = reader.at;
        const said = reader.value();
        try {
          if (!(said instanceof Fields)) throw new Unreadable('it is no object');
          this.#element(said);
        } catch (error) {
          complaints.say(whyOf(error), from, reader.at);
        }
      }
      if (!reader.ended) complaints.say('more comes after the end', reader.at, frame.length);
    } catch (error) {
      // Where this one ends is not known, so the rest of the frame is lost with it.
      complaints.say(whyOf(error), from, frame.length);
    }
    complaints.end();
  }

  #element(said: Fields): void {
    const event = eventIn(this.market, said);
    if (event === undefined) this.#listener.notice(noticeIn(said, this.#stream.channels));
    else this.#listener.event(event);
  }

  #unreadable(why: string, excerpt: string): void {
    this.#listener.notice({ kind: 'unreadable', why, excerpt });
  }
}

const silence: Listener = { event: () => undefined, notice: () => undefined };
