import type { Channel } from '../../../market/event.ts';
import { type Key, type Message, type Wants } from '../feed.ts';
import { packed } from './msgpack-writer.ts';

/** The vendor took 5,000 symbols in one message [M LIVE §1.4]; lists of many thousands ended in `1009` or in silence [F csharp#422, #724]. */
const mostSymbols = 1000;

export type Encoding = 'json' | 'msgpack';

/** A request of ours in the encoding of the connection, both ways alike [D DSTR]. */
type Request = Readonly<Record<string, string | readonly string[]>>;

const spell = (request: Request, encoding: Encoding): Message =>
  encoding === 'json' ? JSON.stringify(request) : packed(request);

/** A token of OAuth goes as the secret of a key named `oauth` [D DSTR]. */
export const login = (key: Key, encoding: Encoding): Message =>
  spell({ action: 'auth', key: key.id, secret: key.secret }, encoding);

/**
 * Requests for these symbols, by the stream's own channels; none when there is nothing that could be asked for, since an empty request is
 * an error [M LIVE §4.4].
 */
export function requests(
  action: 'subscribe' | 'unsubscribe',
  wants: Wants,
  channels: ReadonlyMap<Channel, string>,
  encoding: Encoding,
): readonly Message[] {
  const messages: Message[] = [];
  let lists: Record<string, string[]> = {};
  let count = 0;
  const send = (): void => {
    if (count > 0) messages.push(spell({ action, ...lists }, encoding));
    lists = {};
    count = 0;
  };
  for (const [channel, symbols] of wants) {
    const name = channels.get(channel);
    if (name === undefined) continue;
    for (const symbol of symbols) {
      (lists[name] ??= []).push(symbol);
      if (++count === mostSymbols) send();
    }
  }
  send();
  return messages;
}
