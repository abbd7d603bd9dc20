import { encode as pack } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { alpaca } from '../../../../server/exchanges/alpaca/index.ts';
import type { Wire } from '../../../../server/exchanges/exchange.ts';

function wireOf(path: string, options: Parameters<typeof alpaca.options.parse>[0] = {}): Wire {
  const stream = alpaca.open(alpaca.options.parse(options)).streams.find((candidate) => candidate.path === path);
  if (stream === undefined) throw new Error(`no stream ${path}`);
  return stream.wire({});
}
const iex = wireOf('/v2/iex');
const read = (wire: Wire, message: unknown) => wire.decode(Buffer.from(JSON.stringify(message)));
const nonsense = { kind: 'nonsense', why: 'bad-syntax' };

test('trades bring corrections and cancels along, and take them away', () => {
  const asked = [{ channels: ['trade', 'correction', 'cancel'], symbols: ['AAPL'] }];
  expect(read(iex, { action: 'subscribe', trades: ['AAPL'] })).toEqual({ kind: 'subscribe', to: asked });
  expect(read(iex, { action: 'unsubscribe', trades: ['AAPL'] })).toEqual({ kind: 'unsubscribe', from: asked });
});

test('the test stream has trades, quotes and bars only', () => {
  const wire = wireOf('/v2/test');
  const to = [{ channels: ['trade'], symbols: ['SPY'] }];
  expect(read(wire, { action: 'subscribe', trades: ['SPY'], lulds: ['SPY'] })).toEqual({ kind: 'subscribe', to });
  expect(read(wire, { action: 'subscribe', lulds: ['SPY'] })).toEqual(nonsense);
});

test.each([
  ['nil and empty channels of other products beside one of ours', { trades: null, news: [], bars: ['SPY'] }],
  ['a channel of another product that is not empty', { news: ['SPY'], bars: ['SPY'] }],
  ['a list nobody asks for by name', { corrections: ['SPY'], bars: ['SPY'] }],
])('%s counts for nothing', (_what, channels) => {
  const to = [{ channels: ['bar'], symbols: ['SPY'] }];
  expect(read(iex, { action: 'subscribe', ...channels })).toEqual({ kind: 'subscribe', to });
});

test.each([['AAPL'], ['BRK.B'], ['aapl'], ['*'], ['ZZQQTESTX'], ['AAPL260918C00230000']])(
  '%s is a symbol',
  (symbol) => {
    expect(read(iex, { action: 'subscribe', quotes: [symbol] })).toMatchObject({ kind: 'subscribe' });
  },
);

test.each([['BTC/USD'], [''], [' '], ['**'], ['A B'], [7], [null], [['AAPL']]])(
  'one badly shaped symbol, %j, refuses the whole request',
  (symbol) => {
    expect(read(iex, { action: 'subscribe', trades: ['AAPL'], quotes: ['AAPL', symbol] })).toEqual(nonsense);
  },
);

test('a list that is no list refuses the request', () => {
  expect(read(iex, { action: 'subscribe', quotes: 'AAPL' })).toEqual(nonsense);
});

test('an empty request is acknowledged when the switch says so', () => {
  const lenient = wireOf('/v2/iex', { emptySubscribe: 'ack' });
  expect(read(lenient, { action: 'subscribe', bars: [] })).toEqual({ kind: 'subscribe', to: [] });
  expect(read(lenient, { action: 'unsubscribe' })).toEqual({ kind: 'unsubscribe', from: [] });
});

test('a login keeps key and secret as they are, and reads anything else as absent', () => {
  const login = (credentials: object) => ({ kind: 'login', credentials });
  expect(read(iex, { action: 'auth', key: 'oauth', secret: 'T' })).toEqual(login({ key: 'oauth', secret: 'T' }));
  expect(read(iex, { action: 'auth', key: 7 })).toEqual(login({ key: '', secret: '' }));
});

const jsonOrMessagePack = (message: unknown): fc.Arbitrary<Buffer> =>
  fc.constantFrom(Buffer.from(JSON.stringify(message) ?? ''), Buffer.from(pack(message)));

test('no bytes at all make the reader throw', () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from(raw));
  const maps = fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from([0x80 | (raw.length & 0x0f), ...raw]));
  const values = fc.jsonValue().chain(jsonOrMessagePack);
  const requests = fc
    .record({
      action: fc.constantFrom('auth', 'subscribe', 'unsubscribe'),
      trades: fc.jsonValue(),
      key: fc.jsonValue(),
    })
    .chain(jsonOrMessagePack);
  fc.assert(
    fc.property(fc.oneof(bytes, maps, values, requests), (message) => {
      expect(['login', 'subscribe', 'unsubscribe', 'nonsense']).toContain(iex.decode(message).kind);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ['claims four billion items', Buffer.from('81a6747261646573ddffffffff', 'hex')],
  ['nests a hundred thousand lists', Buffer.concat([Buffer.from('81a154', 'hex'), Buffer.alloc(100_000, 0x91)])],
  ['nests a hundred thousand lists in JSON', Buffer.from('['.repeat(100_000) + ']'.repeat(100_000))],
  ['claims a list at every byte', Buffer.alloc(1 << 20, 0xdd)],
  ['ends in the middle of a text', Buffer.from('81a6616374', 'hex')],
  ['goes on after its end', Buffer.from('80c0', 'hex')],
])('a message that %s is nonsense, quickly', (_what, message) => {
  expect(iex.decode(message)).toEqual(nonsense);
});

test('whatever an independent writer packs is read like its JSON', () => {
  const symbols = fc.array(fc.constantFrom('AAPL', 'BRK.B', '*', 'BTC/USD', 'ü'), { maxLength: 40 });
  const request = fc.record({
    action: fc.constantFrom('subscribe', 'unsubscribe', 'auth', 'dance'),
    trades: fc.option(symbols),
    bars: symbols,
    key: fc.string({ maxLength: 400 }),
    extra: fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.boolean()),
  });
  fc.assert(
    fc.property(request, (message) => {
      expect(iex.decode(Buffer.from(pack(message)))).toEqual(iex.decode(Buffer.from(JSON.stringify(message))));
    }),
  );
});
