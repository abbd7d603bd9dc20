import type { Market, Price } from '../../../market/event.ts';
import { firstInstant, lastInstant } from '../../../market/instant.ts';
import { second } from '../../../market/nanos.ts';
import { Fields, type Listener, type Notice, type Said, Unreadable, type Wants, wantsOf } from '../feed.ts';
import { instrumentOf } from './instrument.ts';
import { errorOf } from './refusals.ts';

/** `market`: of a symbol whose kind is not told. */
export function hearMessage(fields: Fields, market: Market, listener: Listener): void {
  const event = fields.maybeText('event');
  switch (event) {
    case 'price':
      listener.event(priceOf(fields, market));
      return;
    case 'subscribe-status':
      for (const notice of statusOf(fields)) listener.notice(notice);
      return;
    case 'unsubscribe-status': {
      const wants = namedIn(fields, 'success');
      if (wants !== undefined) listener.notice({ kind: 'released', wants });
      return;
    }
    case 'heartbeat':
    case 'reset-status':
      listener.notice({ kind: 'alive' });
      return;
    case 'message-processing':
      listener.notice(processingOf(fields));
      return;
    case undefined: {
      const error = errorOf(fields);
      if (error === undefined) throw new Unreadable('event is missing');
      const code = fields.get('code');
      listener.notice({ kind: 'trouble', code: typeof code === 'number' ? code : undefined, ...error });
      return;
    }
    default:
      throw new Unreadable(`event ${event} is unknown`);
  }
}

/** A price (sheet §3): seconds since 1970, numbers as numbers; bid and ask of pairs alone. */
function priceOf(fields: Fields, otherwise: Market): Price {
  const seconds = fields.number('timestamp');
  const at = Number.isSafeInteger(seconds) ? BigInt(seconds) * second : lastInstant + 1n;
  if (at < firstInstant || at > lastInstant) throw new Unreadable('timestamp is not a time');
  return {
    kind: 'price',
    symbol: symbolOf(fields),
    at,
    price: fields.number('price'),
    bidPrice: fields.maybeNumber('bid'),
    askPrice: fields.maybeNumber('ask'),
    dayVolume: fields.maybeNumber('day_volume'),
    ...instrumentOf(fields, otherwise),
  };
}

/** What is sent from now on, and what is not. Of a mixture the status is `ok`, and either list may be null, empty or absent (sheet §3). */
function* statusOf(fields: Fields): Generator<Notice> {
  const granted = namedIn(fields, 'success');
  const refused = namedIn(fields, 'fails');
  const message = wordsOf(fields);
  if (granted !== undefined) yield { kind: 'granted', wants: granted };
  // It does not say whether a symbol is unknown or beyond the plan (sheet §7: free plans get trial symbols alone).
  const why = /credit|limit/i.test(message) ? 'too-many-symbols' : 'not-entitled';
  if (refused !== undefined) {
    yield { kind: 'denied', wants: refused, why, message: message || 'unknown symbols, or not in the plan' };
  } else if (granted === undefined && fields.get('status') === 'error') {
    yield { kind: 'denied', wants: undefined, why, message: message || 'nothing was subscribed' };
  }
}

/** Symbols of a list of objects, or of bare texts as some have seen (sheet §3, fails item). */
function namedIn(fields: Fields, name: string): Wants | undefined {
  const symbols = fields.list(name).flatMap((item) => spellingsOf(item, name));
  return symbols.length === 0 ? undefined : wantsOf([['price', symbols]]);
}

/** A symbol as it may have been asked for: alone, at its exchange, or at its market identifier code (sheet §2, symbol forms). */
function spellingsOf(item: Said, name: string): readonly string[] {
  if (typeof item === 'string') return [item];
  if (!(item instanceof Fields)) throw new Unreadable(`${name} is not a list of symbols`);
  const symbol = symbolOf(item);
  const places = [item.maybeText('exchange'), item.maybeText('mic_code')].filter((place) => place !== undefined);
  return [symbol, ...places.map((place) => `${symbol}:${place}`)];
}

function symbolOf(fields: Fields): string {
  const symbol = fields.text('symbol');
  if (symbol === '') throw new Unreadable('symbol is empty');
  return symbol;
}

/** More than 100 messages in a minute, or one that makes no sense (sheet §3); the connection stays. */
function processingOf(fields: Fields): Notice {
  if (fields.get('status') !== 'error') return { kind: 'alive' };
  const message = wordsOf(fields);
  const why = /exceeds the limit|events per minute/i.test(message) ? 'too-many-requests' : 'bad-request';
  return { kind: 'trouble', why, code: undefined, message };
}

const longestMessage = 300;

/** What is told in `messages`, in `message`, or beside the symbols that failed. */
function wordsOf(fields: Fields): string {
  const beside = fields.list('fails').map((item) => (item instanceof Fields ? item.get('message') : undefined));
  const words = [fields.get('message'), ...fields.list('messages'), ...beside];
  return [...new Set(words.filter((word) => typeof word === 'string'))].join(' ').slice(0, longestMessage);
}
