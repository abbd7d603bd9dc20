import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';
import { expect, test } from 'vitest';
import { alpaca } from '../../../../client/feeds/alpaca/index.ts';
import { wantsOf } from '../../../../client/feeds/feed.ts';
import { heard } from '../../../helpers/ear.ts';

const key = { id: 'PK123', secret: 'hidden' };
const feedOf = (options: object = {}) => alpaca.feed(alpaca.options.parse({ vendor: 'alpaca', ...options }));

test('the key never is in the URL, and in headers only when asked to be there', () => {
  expect(feedOf({ stream: 'delayed_sip' }).address(key)).toEqual({
    url: 'wss://stream.data.alpaca.markets/v2/delayed_sip',
    headers: {},
  });
  const feed = feedOf({ stream: 'options/indicative', login: 'headers', streamUrl: 'ws://127.0.0.1:8765/' });
  expect(feed.address(key)).toEqual({
    url: 'ws://127.0.0.1:8765/v1beta1/indicative',
    headers: { 'Content-Type': 'application/msgpack', 'APCA-API-KEY-ID': 'PK123', 'APCA-API-SECRET-KEY': 'hidden' },
  });
  expect(feed.login(key)).toBeUndefined();
});

test('the login is the same in both encodings', () => {
  const login = { action: 'auth', key: 'PK123', secret: 'hidden' };
  expect(JSON.parse(String(feedOf().login(key)))).toEqual(login);
  expect(decode(bytesOf(feedOf({ encoding: 'msgpack' }).login(key)))).toEqual(login);
});

test('subscriptions name the stream’s own channels, and what comes with trades is not asked for', () => {
  const wants = wantsOf([
    ['trade', ['AAPL', 'MSFT']],
    ['updated-bar', ['*']],
    ['cancel', ['AAPL']],
    ['book', ['BTC/USD']],
  ]);
  const subscribe = { action: 'subscribe', trades: ['AAPL', 'MSFT'], updatedBars: ['*'] };
  expect(
    feedOf()
      .subscribe(wants)
      .map((message) => JSON.parse(String(message))),
  ).toEqual([subscribe]);
  const [message] = feedOf({ encoding: 'msgpack' }).unsubscribe(wants);
  expect(decode(bytesOf(message))).toEqual({ ...subscribe, action: 'unsubscribe' });
  expect(feedOf().subscribe(wantsOf([['cancel', ['AAPL']]]))).toEqual([]);
});

test('thousands of symbols are asked for a thousand at a time', () => {
  const symbols = Array.from({ length: 2500 }, (_, index) => `SYM${index}`);
  const messages = feedOf().subscribe(
    wantsOf([
      ['bar', symbols],
      ['trade', ['AAPL']],
    ]),
  );
  expect(messages.map((message) => JSON.parse(String(message)).bars.length)).toEqual([1000, 1000, 500]);
  expect(messages.flatMap((message) => JSON.parse(String(message)).bars)).toEqual(symbols);
});

test('options in JSON are refused before the vendor does', () => {
  expect(() => feedOf({ stream: 'options/opra', encoding: 'json' })).toThrow(/MessagePack only/);
});

test.each([401, 402, 404, 406, 407, 408, 409, 411, 412, 500, 999])('error %i is trouble of some kind', (code) => {
  const [notice] = heard(feedOf(), `[{"T":"error","code":${code},"msg":"why"}]`).notices;
  expect(notice).toMatchObject({ kind: 'trouble', code, message: 'why' });
});

test.each([
  [401, 'bad-key'],
  [404, 'not-found'],
  [429, 'too-many-requests'],
  [502, 'vendor-error'],
])('an upgrade that is answered %i is refused as %s', (status, why) => {
  expect(feedOf().refusal(status, '')).toMatchObject({ why });
});

const nanos = 1_782_916_200_123_456_789n;
const seconds = nanos / 1_000_000_000n;
/** A timestamp of each width, and text. */
const times: Readonly<Record<string, unknown>> = {
  'four bytes': extension(bytes(4, (view) => view.setUint32(0, Number(seconds)))),
  'eight bytes': extension(bytes(8, (view) => view.setBigUint64(0, (123_456_789n << 34n) | seconds))),
  'twelve bytes': extension(
    bytes(12, (view) => {
      view.setUint32(0, 123_456_789);
      view.setBigInt64(4, seconds);
    }),
  ),
  text: '2026-07-01T14:30:00.123456789Z',
};

test.each(Object.entries(times))('a time in MessagePack that is %s is exact', (width, time) => {
  const frame = packed([{ T: 't', S: 'AAPL', i: 2 ** 40, x: 'V', p: 231, s: 1.5, c: ['@'], z: 'C', t: time }]);
  const at = width === 'four bytes' ? seconds * 1_000_000_000n : nanos;
  expect(heard(feedOf(), frame).events).toMatchObject([{ at, id: '1099511627776', price: 231, size: 1.5 }]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined])(
  'a price of %s in MessagePack is unreadable',
  (p) => {
    const good = { T: 't', S: 'AAPL', i: 1, p: 1, s: 1, t: times['text'] };
    const { events, notices } = heard(feedOf(), packed([good, { ...good, p }, good]));
    expect(events.length).toBe(2);
    expect(notices).toMatchObject([{ kind: 'unreadable', why: expect.stringMatching(/^p is /) }]);
  },
);

test('MessagePack that breaks off anywhere loses no more than what is not there', () => {
  const whole = packed([1, 2, 3].map((i) => ({ T: 't', S: 'AAPL', i, p: 1, s: 1, t: times['eight bytes'] })));
  for (let length = 1; length < whole.length; length++) {
    const { events, notices } = heard(feedOf(), whole.subarray(0, length));
    expect(events.length).toBe(Math.floor(((length - 1) * 3) / (whole.length - 1)));
    expect(notices).toMatchObject([{ kind: 'unreadable' }]);
  }
});

function extension(data: Uint8Array) {
  return { extension: data };
}

function bytes(length: number, write: (view: DataView) => void): Uint8Array {
  const data = new Uint8Array(length);
  write(new DataView(data.buffer));
  return data;
}

/** As another library writes it, timestamps as given. */
function packed(value: unknown): Uint8Array {
  const extensionCodec = new ExtensionCodec();
  extensionCodec.register({
    type: -1,
    encode: (input: unknown) =>
      typeof input === 'object' && input !== null && 'extension' in input && input.extension instanceof Uint8Array
        ? input.extension
        : null,
    decode: () => undefined,
  });
  return encode(value, { extensionCodec, ignoreUndefined: true });
}

function bytesOf(message: unknown): Uint8Array {
  return message instanceof Uint8Array ? message : expect.fail('no bytes');
}
