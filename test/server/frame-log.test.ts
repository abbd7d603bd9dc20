import { encode } from '@msgpack/msgpack';
import { expect, test } from 'vitest';
import { deflateFrames } from '../../server/deflate.ts';
import { frameTexts, messageText } from '../../server/frame-log.ts';
import { frame } from '../../server/frame.ts';

test('a log shows what a client said, but neither its key nor its secret, in JSON and in MessagePack', () => {
  const login = { action: 'auth', key: 'PKLIVE', secret: 's3cr"et' };
  for (const message of [Buffer.from(JSON.stringify(login)), Buffer.from(encode(login))]) {
    expect(messageText(message)).toBe('{"action":"auth","key":"***","secret":"***"}');
  }
});

test('a secret cut off in the middle is blacked out too', () => {
  expect(messageText(Buffer.from('{"action":"auth","secret":"s3cr'))).toBe('{"action":"auth","secret":"***"');
});

test('frames are told apart and read, compressed or not', () => {
  const long = JSON.stringify({ text: 'x'.repeat(300) });
  const frames = Buffer.concat([frame('text', Buffer.from('[1]')), frame('text', Buffer.from(long))]);
  expect(frameTexts(frames)).toEqual(['[1]', long]);
  expect(frameTexts(deflateFrames(frames, 'text', 100))).toEqual(['[1]', long]);
});
