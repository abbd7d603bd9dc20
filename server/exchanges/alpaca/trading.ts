import {
  type AccountChannel,
  ByteWriter,
  type Command,
  type Credentials,
  type Encoder,
  type Notice,
  type Refusal,
  type Wire,
} from '../exchange.ts';
import { type Encoding, type Fields, fieldsOf, readClientMessage, textOf } from './client-message.ts';
import { type Plain, writePlain } from './msgpack-writer.ts';
import { noWord } from './neutral.ts';

const streamOf: Readonly<Record<AccountChannel, string>> = { order: 'trade_updates' };

/**
 * How `/stream` talks (sheet §6): objects instead of arrays, no greeting, and everything in binary frames, JSON too. What nobody has
 * documented it to say, it does not say: a message it cannot read is answered with silence.
 */
export function tradingWire(encoding: Encoding): Wire {
  return {
    encoder: silent,
    decode: decodeTrading,
    notice: (notice) => {
      const words = wordsOf(notice);
      return words === undefined ? [] : [spelled(words, encoding)];
    },
  };
}

/** No event of the market is ever sent here. */
const silent: Encoder = {
  name: 'alpaca trading',
  opcode: 'binary',
  single: true,
  open: () => undefined,
  separate: () => undefined,
  close: () => undefined,
  event: (event) => noWord('trading stream', event),
};

function decodeTrading(message: Buffer): Command {
  const fields = readClientMessage(message)?.fields;
  const action = fields?.get('action');
  if (fields === undefined) return badSyntax;
  if (action === 'auth') return login(textOf(fields.get('key')), textOf(fields.get('secret')));
  const data: Fields = fieldsOf(fields.get('data')) ?? new Map();
  if (action === 'authenticate') return { kind: 'login', credentials: olderCredentials(data) };
  const streams = data.get('streams');
  if (action !== 'listen' || !Array.isArray(streams)) return badSyntax;
  // The list is absolute: what it does not name is no longer heard, and streams that do not exist are dropped from it.
  return { kind: 'listen', to: streams.includes(streamOf.order) ? ['order'] : [] };
}

const badSyntax: Command = { kind: 'nonsense', why: 'bad-syntax' };
const login = (key: string, secret: string): Command => ({ kind: 'login', credentials: { key, secret } });

/** The spelling of `authenticate`; a token becomes the key that the data streams name `oauth`. */
function olderCredentials(data: Fields): Credentials {
  const token = textOf(data.get('oauth_token'));
  if (token !== '') return { key: 'oauth', secret: token };
  return { key: textOf(data.get('key_id')), secret: textOf(data.get('secret_key')) };
}

function wordsOf(notice: Notice): Plain | undefined {
  switch (notice.kind) {
    case 'logged-in':
      return authorization('authorized', 'authenticate');
    case 'listening':
      return { stream: 'listening', data: { streams: notice.to.map((channel) => streamOf[channel]) } };
    case 'refused':
      return refusals[notice.why];
    case 'welcome':
    case 'subscribed':
    case 'unsubscribed':
    case 'reset':
    case 'pong':
      return undefined;
  }
}

const authorization = (status: string, action: string): Plain => ({
  stream: 'authorization',
  data: { status, action },
});

const unauthorized = authorization('unauthorized', 'authenticate');
const refusals: Readonly<Partial<Record<Refusal, Plain>>> = {
  'bad-key': unauthorized,
  'not-in-plan': unauthorized,
  'login-timeout': unauthorized,
  'not-logged-in': authorization('unauthorized', 'listen'),
  'already-logged-in': { stream: 'listening', data: { error: 'your connection is already authenticated' } },
  internal: { action: 'error', data: { error_message: 'internal server error' } },
};

function spelled(words: Plain, encoding: Encoding): Buffer {
  if (encoding === 'json') return Buffer.from(JSON.stringify(words));
  const out = new ByteWriter(256);
  writePlain(words, out);
  return out.bytes.subarray(0, out.length);
}
