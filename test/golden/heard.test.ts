import { expect, test } from 'vitest';
import { heardOf, wireOn } from '../helpers/heard.ts';
import { type Receipt, transcriptsOf } from '../helpers/transcripts.ts';

// Paths that only switches open, and the account's own stream, which has no market data.
const unheard = ['/launchpad/', '/stream'];

for (const vendor of ['alpaca', 'polygon', 'twelvedata'] as const) {
  test(`a recorder understands every frame that ${vendor} is known to send`, () => {
    let events = 0;
    const lost: object[] = [];
    for (const { name, path, encoding, steps } of transcriptsOf(vendor)) {
      const [pathname = ''] = path.split('?');
      if (unheard.some((start) => pathname.startsWith(start))) continue;
      const stream = wireOf(vendor, pathname, encoding === 'msgpack');
      if (stream === undefined) continue;
      const frames = steps.filter((step): step is Receipt => step.dir === 'recv').map(bytesOf);
      for (const frame of frames.filter((one) => one !== undefined)) {
        for (const { type, said, meaning } of heardOf(stream, frame)) {
          if (meaning.kind === 'event') events++;
          else if (meaning.kind !== 'answer') lost.push({ name, type, said, meaning });
        }
      }
    }
    expect(lost).toEqual([]);
    expect(events).toBeGreaterThan(3);
  });
}

function wireOf(vendor: 'alpaca' | 'polygon' | 'twelvedata', path: string, packed: boolean) {
  try {
    return wireOn(vendor, path, packed);
  } catch {
    // Sessions that knock at a path which is not there.
    return undefined;
  }
}

function bytesOf({ frame, hex, raw }: Receipt): Buffer | undefined {
  if (hex !== undefined) return Buffer.from(hex.replaceAll(' ', ''), 'hex');
  if (raw !== undefined) return Buffer.from(raw);
  return frame === undefined ? undefined : Buffer.from(JSON.stringify(frame));
}
