import { decode as unpack, encode as pack } from '@msgpack/msgpack';
import { expect, test } from 'vitest';
import type { MarketEvent } from '../../../../market/event.ts';
import { alpaca } from '../../../../server/exchanges/alpaca/index.ts';
import { ByteWriter, type Stream, type Wire } from '../../../../server/exchanges/exchange.ts';
import { book, news, opening, quote, trade } from '../../../helpers/events.ts';

const { streams } = alpaca.open(alpaca.options.parse({}));
function streamAt(path: string): Stream {
  const stream = streams.find((candidate) => candidate.path === path);
  if (stream === undefined) throw new Error(`no stream ${path}`);
  return stream;
}
const json = (path: string): Wire => streamAt(path).wire({});
const msgpack = (path: string): Wire => streamAt(path).wire({ 'content-type': 'application/msgpack' });
const say = (wire: Wire, message: unknown) => wire.decode(Buffer.from(JSON.stringify(message)));
const sayPacked = (wire: Wire, message: unknown) => wire.decode(Buffer.from(pack(message)));

function spelled({ encoder }: Wire, event: MarketEvent): unknown {
  const out = new ByteWriter(16);
  encoder.open(1, out);
  encoder.event(event, 0n, out);
  encoder.close(out);
  const bytes = out.bytes.subarray(0, out.length);
  const frame: unknown =
    encoder.opcode === 'text' ? JSON.parse(bytes.toString()) : unpack(bytes, { useBigInt64: false });
  return Array.isArray(frame) ? frame[0] : frame;
}

test('a stream plays the events of its own market only', () => {
  const markets = streams.map(({ path, markets: own }) => [path, own.length === 1 ? own[0] : own.length]);
  expect(markets.slice(6)).toEqual([
    ['/v1beta3/crypto/us', 'crypto'],
    ['/v1beta3/crypto/us-1', 'crypto'],
    ['/v1beta3/crypto/eu-1', 'crypto'],
    ['/v1beta1/indicative', 'options'],
    ['/v1beta1/opra', 'options'],
    ['/v1beta1/news', 7],
    ['/stream', 0],
  ]);
});

test('crypto sizes keep their fractions in either encoding, and what is not known is left out', () => {
  const deal = trade(opening, {
    market: 'crypto',
    symbol: 'BTC/USD',
    size: 0.00417,
    taker: 'sell',
    exchange: undefined,
  });
  for (const wire of [json('/v1beta3/crypto/us'), msgpack('/v1beta3/crypto/us')]) {
    expect(spelled(wire, deal)).toMatchObject({ T: 't', S: 'BTC/USD', i: 1, p: 231.47, s: 0.00417, tks: 'S' });
    const keys = Object.keys(spelled(wire, { ...deal, taker: undefined }) ?? {});
    expect(keys).toEqual(['T', 'S', 'p', 's', 't', 'i']);
    expect(spelled(wire, { ...deal, exchange: 'CBSE' })).toMatchObject({ x: 'CBSE', tks: 'S' });
    expect(spelled(wire, quote(opening, { bidSize: 0.5, askSize: 1.25 }))).toMatchObject({ bs: 0.5, as: 1.25 });
  }
});

test('an order book says r only when it is whole, in either encoding', () => {
  for (const wire of [json('/v1beta3/crypto/us'), msgpack('/v1beta3/crypto/us')]) {
    const whole = spelled(wire, book(opening));
    expect(whole).toMatchObject({ T: 'o', b: [{ p: 64205.1, s: 0.8312 }], a: [{ p: 64214.9, s: 1.66 }], r: true });
    expect(Object.keys(whole ?? {})).toEqual(['T', 'S', 't', 'b', 'a', 'r']);
    const change = spelled(wire, book(opening, { reset: false, bids: [], asks: [{ price: 1, size: 0 }] }));
    expect(change).toMatchObject({ b: [], a: [{ p: 1, s: 0 }] });
    expect(Object.keys(change ?? {})).toEqual(['T', 'S', 't', 'b', 'a']);
  }
});

test('an item of news keeps its text whatever it holds, and when it first appeared', () => {
  const content = `<p>"Ünïcode" \\ ${'x'.repeat(70_000)}</p>\n`;
  const item = news(opening, { content, createdAt: opening - 60_000_000_000n, symbols: [] });
  expect(spelled(json('/v1beta1/news'), item)).toMatchObject({
    T: 'n',
    id: 24918784,
    content,
    created_at: '2026-07-01T14:29:00Z',
    updated_at: '2026-07-01T14:30:00Z',
    symbols: [],
  });
  expect(spelled(msgpack('/v1beta1/news'), item)).toMatchObject({
    content,
    created_at: new Date('2026-07-01T14:29:00Z'),
    updated_at: new Date('2026-07-01T14:30:00Z'),
  });
});

test('the conditions of an option are one text', () => {
  const deal = trade(opening, { market: 'options', conditions: ['I'], exchange: undefined });
  expect(spelled(msgpack('/v1beta1/opra'), deal)).toMatchObject({ c: 'I', x: 'C', s: 100 });
  expect(spelled(msgpack('/v1beta1/opra'), quote(opening, { conditions: [] }))).toMatchObject({ c: '' });
});

test('an option stream talks MessagePack to everyone, and answers JSON with 412 in JSON', () => {
  const wire = json('/v1beta1/indicative');
  expect(wire).toBe(msgpack('/v1beta1/indicative'));
  const command = say(wire, { action: 'auth', key: 'k', secret: 's' });
  expect(command).toEqual({ kind: 'nonsense', why: 'wrong-encoding' });
  const [frame] = wire.notice({ kind: 'refused', why: 'wrong-encoding' });
  expect(frame?.toString()).toBe(
    '[{"T":"error","code":412,"msg":"option messages are only available in MsgPack format"}]',
  );
  expect(wire.decode(Buffer.from('{"action":'))).toEqual({ kind: 'nonsense', why: 'bad-syntax' });
});

test('nobody subscribes to the quotes of all options, but to all their trades', () => {
  const wire = msgpack('/v1beta1/opra');
  expect(sayPacked(wire, { action: 'subscribe', trades: ['*'], quotes: ['*'] })).toEqual({
    kind: 'nonsense',
    why: 'no-wildcard',
  });
  expect(sayPacked(wire, { action: 'subscribe', trades: ['*'] })).toMatchObject({ kind: 'subscribe' });
  expect(sayPacked(wire, { action: 'unsubscribe', quotes: ['*'] })).toMatchObject({ kind: 'unsubscribe' });
  const [frame] = wire.notice({ kind: 'refused', why: 'no-wildcard' });
  expect(unpack(frame ?? Buffer.alloc(0))).toEqual([
    { T: 'error', code: 413, msg: 'star subscription is not allowed for option quotes' },
  ]);
});

test.each([
  ['/v1beta3/crypto/us', { news: ['*'] }, 'wrong-channel'],
  ['/v1beta1/news', { trades: ['AAPL'] }, 'wrong-channel'],
  ['/v1beta1/news', { trades: [] }, 'bad-syntax'],
  ['/v1beta1/news', { nothing: ['AAPL'] }, 'bad-syntax'],
  ['/v2/iex', { news: ['*'] }, 'bad-syntax'],
])('on %s a request for %j alone is refused: %s', (path, channels, why) => {
  expect(say(json(path), { action: 'subscribe', ...channels })).toEqual({ kind: 'nonsense', why });
});

test('what the Go SDK always sends along, channels of other products without symbols, counts for nothing', () => {
  const request = { action: 'subscribe', trades: null, orderbooks: ['BTC/USD'], news: [], pricing: null, lulds: [] };
  const to = [{ channels: ['book'], symbols: ['BTC/USD'] }];
  expect(say(json('/v1beta3/crypto/us'), request)).toEqual({ kind: 'subscribe', to });
});

test('the trading stream understands three logins, and listens to what it knows', () => {
  const wire = json('/stream');
  const login = (key: string, secret: string) => ({ kind: 'login', credentials: { key, secret } });
  for (const tell of [say, sayPacked]) {
    expect(tell(wire, { action: 'auth', key: 'k', secret: 's' })).toEqual(login('k', 's'));
    const older = { action: 'authenticate', data: { key_id: 'k', secret_key: 's' } };
    expect(tell(wire, older)).toEqual(login('k', 's'));
    expect(tell(wire, { action: 'authenticate', data: { oauth_token: 't' } })).toEqual(login('oauth', 't'));
    expect(tell(wire, { action: 'authenticate' })).toEqual(login('', ''));
    const listen = (streamsWanted: unknown) => tell(wire, { action: 'listen', data: { streams: streamsWanted } });
    expect(listen(['trade_updates', 'account_updates'])).toEqual({ kind: 'listen', to: ['order'] });
    expect(listen([])).toEqual({ kind: 'listen', to: [] });
    expect(listen('trade_updates')).toEqual({ kind: 'nonsense', why: 'bad-syntax' });
    expect(tell(wire, { action: 'subscribe', trades: ['AAPL'] })).toEqual({ kind: 'nonsense', why: 'bad-syntax' });
  }
});

test('the trading stream says what is documented, as one object, and nothing else', () => {
  const words = (wire: Wire, notice: Parameters<Wire['notice']>[0]): unknown[] =>
    wire.notice(notice).map((frame) => (frame[0] === 0x7b ? JSON.parse(frame.toString()) : unpack(frame)));
  for (const wire of [json('/stream'), msgpack('/stream')]) {
    expect(wire.encoder.opcode).toBe('binary');
    expect(words(wire, { kind: 'welcome' })).toEqual([]);
    expect(words(wire, { kind: 'refused', why: 'bad-syntax' })).toEqual([]);
    expect(words(wire, { kind: 'listening', to: [] })).toEqual([{ stream: 'listening', data: { streams: [] } }]);
    expect(words(wire, { kind: 'refused', why: 'already-logged-in' })).toEqual([
      { stream: 'listening', data: { error: 'your connection is already authenticated' } },
    ]);
    expect(words(wire, { kind: 'refused', why: 'internal' })).toEqual([
      { action: 'error', data: { error_message: 'internal server error' } },
    ]);
  }
});
