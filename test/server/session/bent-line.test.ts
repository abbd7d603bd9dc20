import { array, assert, asyncProperty, constant, integer, nat, oneof, record } from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import type { Nanos } from '../../../market/event.ts';
import { milli, millis, seconds } from '../../../market/nanos.ts';
import { BentLine } from '../../../server/session/bent-line.ts';
import type { Shape } from '../../../server/faults/fault.ts';
import type { Line, LineListener } from '../../../server/session/line.ts';

/** A line whose network takes everything at once, and that writes down when. */
class OpenLine implements Line {
  readonly buffered = 0;
  readonly log: string[] = [];
  listener: LineListener | undefined;
  readonly #clock: ManualClock;
  readonly #start: Nanos;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.#start = clock.now();
  }

  write(frames: Buffer): void {
    this.#note(frames.toString());
  }
  onceDrained(then: () => void): void {
    then();
  }
  hangUp(code: number | undefined): void {
    this.#note(`hung up ${code ?? 'without a word'}`);
  }
  close(code: number, reason: string): void {
    this.#note(`closed ${code} ${reason}`);
  }
  drop(): void {
    this.#note('dropped');
  }
  reset(): void {
    this.#note('reset');
  }
  deafen(deaf: boolean): void {
    this.#note(deaf ? 'deaf' : 'hears again');
  }
  straighten(): void {}
  listen(listener: LineListener): void {
    this.listener = listener;
  }

  #note(what: string): void {
    this.log.push(`${(this.#clock.now() - this.#start) / milli} ${what}`);
  }
}

function rig() {
  const clock = new ManualClock(seconds(1_000));
  const open = new OpenLine(clock);
  const line = new BentLine(open, clock);
  const say = (text: string): void => line.write(Buffer.from(text));
  return { clock, open, line, say, log: open.log };
}

const late = (...spans: readonly number[]): Shape => {
  let next = 0;
  return { delay: () => millis(spans[next++ % spans.length] ?? 0) };
};

test('without a fault bytes pass at once', () => {
  const { line, say, log } = rig();
  say('a');
  line.bend([]);
  say('b');
  line.hangUp(undefined);
  expect(log).toEqual(['0 a', '0 b', '0 hung up without a word']);
});

test('late bytes never overtake each other, and delays add up', async () => {
  const { clock, line, say, log } = rig();
  line.bend([late(30, 5), late(10)]);
  say('a');
  say('b');
  await clock.advance(millis(20));
  say('c');
  await clock.advance(millis(100));
  expect(log).toEqual(['40 a', '40 b', '60 c']);
});

test('a delay that is over holds nothing back any more', async () => {
  const { clock, line, say, log } = rig();
  line.bend([late(500)]);
  say('a');
  await clock.advance(millis(100));
  line.bend([]);
  say('b');
  expect(log).toEqual(['100 a', '100 b']);
});

test('bandwidth is what it says, however much is written at once', async () => {
  const { clock, line, log } = rig();
  line.bend([{ bytesPerSecond: 5_000 }, { bytesPerSecond: 1_000 }]);
  line.write(Buffer.alloc(2_000));
  line.write(Buffer.alloc(1_000));
  expect(line.buffered).toBe(2_950);
  await clock.advance(seconds(1));
  expect(line.buffered).toBe(1_950);
  await clock.advance(seconds(2));
  expect(line.buffered).toBe(0);
  expect(log).toHaveLength(60);
});

test('slices leave one by one with a pause between them, across the ends of frames', async () => {
  const { clock, line, say, log } = rig();
  line.bend([{ slice: { bytes: 2, pause: millis(10) } }]);
  say('abc');
  say('de');
  await clock.advance(millis(100));
  say('f');
  expect(log).toEqual(['0 ab', '10 c', '20 de', '100 f']);
});

test('who waits until everything is read waits for what is held, too', async () => {
  const { clock, line, say, log } = rig();
  line.bend([late(50)]);
  say('a');
  line.onceDrained(() => log.push('drained'));
  expect(line.buffered).toBe(1);
  await clock.advance(millis(50));
  expect(log).toEqual(['50 a', 'drained']);
  expect(line.buffered).toBe(0);
});

test('a goodbye comes after what is held, and nothing after it', async () => {
  const { clock, line, say, log } = rig();
  line.bend([late(50)]);
  say('a');
  line.close(1001, 'bye');
  say('b');
  await clock.advance(millis(50));
  expect(log).toEqual(['50 a', '50 closed 1001 bye']);
});

test('so does the answer to the goodbye of a client', async () => {
  const { clock, open, line, say, log } = rig();
  line.listen({ message: () => {}, ping: () => {}, pong: () => {}, closed: () => log.push('gone') });
  line.bend([{ slice: { bytes: 1, pause: millis(1) } }]);
  say('abc');
  open.listener?.farewell?.(() => log.push('answered'));
  say('d');
  await clock.advance(millis(9));
  open.listener?.closed(true);
  expect(log).toEqual(['0 a', '1 b', '2 c', 'answered', 'gone']);
});

test('a reset and a drop do not wait, and nothing is left', async () => {
  for (const end of ['drop', 'reset'] as const) {
    const { clock, line, say, log } = rig();
    line.bend([late(50)]);
    say('a');
    line[end]();
    await clock.advance(seconds(1));
    expect(log).toEqual([end === 'drop' ? '0 dropped' : '0 reset']);
    expect(line.buffered).toBe(0);
  }
});

test('nothing arrives over a dead connection in either direction, until it lives again', async () => {
  const { clock, open, line, say, log } = rig();
  line.listen({
    message: (data) => log.push(`heard ${data.toString()}`),
    ping: () => log.push('pinged'),
    pong: () => log.push('ponged'),
    closed: () => log.push('gone'),
  });
  line.bend([{ dead: true }]);
  say('a');
  open.listener?.message(Buffer.from('b'));
  open.listener?.ping(Buffer.alloc(0));
  open.listener?.pong();
  line.hangUp(1000);
  await clock.advance(seconds(60));
  expect(log).toEqual(['0 deaf']);
  line.bend([]);
  expect(log.slice(1)).toEqual(['60000 hears again', 'heard b', 'pinged', 'ponged', '60000 a', '60000 hung up 1000']);
});

test('whoever is dropped while the connection is dead learns of it when it lives again', async () => {
  const { clock, line, say, log } = rig();
  line.bend([{ dead: true }]);
  say('a');
  line.drop();
  say('b');
  await clock.advance(seconds(1));
  expect(log).toEqual(['0 deaf']);
  line.bend([late(1)]);
  expect(log.slice(1)).toEqual(['1000 hears again', '1000 dropped']);
});

test('a server that closes sends what is held, whatever holds it, and then the goodbye', () => {
  const { line, say, log } = rig();
  line.bend([late(500), { slice: { bytes: 1, pause: seconds(1) } }, { dead: true }]);
  line.hold(seconds(60));
  say('abc');
  line.hangUp(1001);
  line.straighten();
  expect(log).toEqual(['0 deaf', '0 hears again', '0 abc', '0 hung up 1001']);
});

const shape = oneof(
  record({ delay: nat(80).map((span) => () => millis(span)) }),
  record({ bytesPerSecond: integer({ min: 1, max: 400 }) }),
  record({
    slice: record({ bytes: integer({ min: 1, max: 9 }), pause: nat(20).map((span) => millis(span)) }),
  }),
  constant({ dead: true } as const),
);
const deed = oneof(
  record({ write: integer({ min: 1, max: 60 }) }),
  record({ wait: integer({ min: 1, max: 90 }) }),
  record({ bend: array(shape, { maxLength: 3 }) }),
);

test('whatever bends it, every byte arrives once, in order, and what is not there yet is held', async () => {
  await assert(
    asyncProperty(array(deed, { maxLength: 40 }), async (deeds) => {
      const { clock, line, log } = rig();
      let written = 0;
      for (const one of deeds) {
        if ('wait' in one) await clock.advance(millis(one.wait));
        else if ('bend' in one) line.bend(one.bend);
        else for (let count = 0; count < one.write; count++) line.write(numbered(written++));
        expect(line.buffered).toBe(bytesOf(written) - bytesIn(log));
      }
      line.bend([]);
      expect(line.buffered).toBe(0);
      expect(textOf(log)).toBe(Array.from({ length: written }, (_, number) => `#${number}`).join(''));
    }),
    { numRuns: 60 },
  );
});

const numbered = (number: number): Buffer => Buffer.from(`#${number}`);
const textOf = (log: readonly string[]): string =>
  log
    .filter((entry) => !/deaf|again/.test(entry))
    .map((entry) => entry.slice(entry.indexOf(' ') + 1))
    .join('');
const bytesIn = (log: readonly string[]): number => textOf(log).length;
const bytesOf = (count: number): number => {
  let sum = 0;
  for (let number = 0; number < count; number++) sum += numbered(number).length;
  return sum;
};
