import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameEdges } from '../../../server/record/frame-edges.ts';
import { frame } from '../../../server/wire/frame.ts';
import { maskedFrame } from '../../helpers/raw-frames.ts';

const payload = fc.integer({ min: 0, max: 70_000 }).map((length) => Buffer.alloc(length, 0x88));
const frames = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom('text' as const, 'binary' as const, 'ping' as const), payload).map(([kind, bytes]) => ({
      bytes: frame(kind, bytes),
      closes: false,
    })),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ bytes: maskedFrame(0x81, Buffer.from(bytes)), closes: false })),
    fc.constant({ bytes: frame('close', Buffer.alloc(2)), closes: true }),
  ),
  { minLength: 1, maxLength: 12 },
);

test('the edges of frames are found wherever the network cuts them', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1 }), (said, cuts) => {
      const all = Buffer.concat(said.map(({ bytes }) => bytes));
      const edges = new FrameEdges();
      const found: number[] = [];
      for (let from = 0, turn = 0; from < all.length; turn++) {
        const piece = all.subarray(from, from + (cuts[turn % cuts.length] ?? 1));
        for (let at = 0; at < piece.length;) {
          at = edges.follow(piece, at);
          if (edges.isBetween) found.push(from + at);
        }
        from += piece.length;
      }
      let end = 0;
      expect(found).toEqual(said.map(({ bytes }) => (end += bytes.length)));
      expect(edges.hasClosed).toBe(said.some(({ closes }) => closes));
    }),
  );
});
