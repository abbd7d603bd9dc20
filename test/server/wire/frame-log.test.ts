import { encode } from '@msgpack/msgpack';
import { expect, test } from 'vitest';
import { deflateFrames } from '../../../server/wire/deflate.ts';
import { frameTexts, messageText } from '../../../server/wire/frame-log.ts';
import { frame } from '../../../server/wire/frame.ts';

test('a log shows what a client said, but neither its key nor its secret, in JSON and in MessagePack', () => {
  const login = { action: 'auth', key: 'PKLIVE', secret: 's3cr"et' };
  for (const message of [Buffer.from(JSON.stringify(login)), Buffer.from(encode(login))]) {
    expect(messageText(message)).toBe('{"action":"auth","key":"***","secret":"***"}');
  }
});

test.each<[what: string, message: object]>([
  ['a number', { action: 'auth', secret: 12345678 }],
  ['a list', { action: 'auth', params: ['PK', 12345678] }],
  ['deep inside', { action: 'auth', data: [{ key_id: { left: 12345678 } }] }],
  [
    'of another spelling',
    { action: 'auth', 'APCA-API-Secret-Key': '12345678', oauthToken: 12345678, PASSWORD: 12345678 },
  ],
])('a secret that is %s is blacked out too', (_, message) => {
  for (const bytes of [Buffer.from(JSON.stringify(message)), Buffer.from(encode(message))]) {
    expect(messageText(bytes)).toContain('"action":"auth"');
    expect(messageText(bytes)).toContain('"***"');
    expect(messageText(bytes)).not.toContain('5678');
  }
});

const secretive = Buffer.from(encode({ action: 'auth', secret: 's3cret' }));
test.each([
  ['cut off', Buffer.from('{"action":"auth","secret":"s3cr'), 'text of 31 bytes'],
  ['in single quotes', Buffer.from("{'action':'auth','secret':'s3cret'}"), 'text of 35 bytes'],
  ['a bare string', Buffer.from('"s3cret"'), 'text of 8 bytes'],
  ['a list of strings', Buffer.from('["auth","s3cret"]'), 'text of 17 bytes'],
  ['broken MessagePack', secretive.subarray(0, -1), `binary of ${secretive.length - 1} bytes`],
  ['nested too deep to print', Buffer.from(`{"a":${'['.repeat(99_997)}${']'.repeat(99_997)}}`), 'text of 200000 bytes'],
])('of a message that is %s a log shows only its length', (_, message, shown) => {
  expect(messageText(message)).toBe(shown);
});

test('frames are told apart and read, compressed or not', () => {
  const long = JSON.stringify({ text: 'x'.repeat(300) });
  const frames = Buffer.concat([frame('text', Buffer.from('[1]')), frame('text', Buffer.from(long))]);
  expect(frameTexts(frames)).toEqual(['[1]', long]);
  expect(frameTexts(deflateFrames(frames, 'text', 100))).toEqual(['[1]', long]);
});
