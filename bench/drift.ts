import { ManualClock } from '../market/clock.ts';
import type { Trade } from '../market/event.ts';
import { Deck } from '../server/deck.ts';
import type { Finding } from './report.ts';
import { tradesOf } from './tape.ts';

const tenHours = 36_000_000_000_000n;
const loopPause = 1_000_000_000n;

/** Row 8: after ten hours of wall time, at any speed, in one pass or in hundreds, an event leaves at its exact instant. */
export async function measureDrift(): Promise<readonly Finding[]> {
  const notes: string[] = [];
  let worst = 0n;
  for (const speed of [0.1, 0.5, 1, 1.001, 3, 7.3, 10, 333.333, 1000]) {
    for (const how of ['once', 'loop'] as const) {
      const { drift, emitted } = await play(speed, how);
      if (emitted < 100) throw new Error(`only ${emitted} events were played at ${speed}: nothing is proven`);
      if (drift > 0n) notes.push(`${speed} ${how}: ${drift} ns`);
      if (drift > worst) worst = drift;
    }
  }
  const note = notes.length === 0 ? 'nine speeds, one pass and loops' : notes.join(', ');
  return [{ row: 8, what: 'drift over 10 h, ns', sense: '≤', goal: 0, floor: 0, reached: Number(worst), note }];
}

async function play(speed: number, how: 'once' | 'loop'): Promise<{ drift: bigint; emitted: number }> {
  // Market nanoseconds per thousand of the wall.
  const pace = BigInt(Math.round(speed * 1000));
  const stretch = ((tenHours * pace) / 1000n / (how === 'once' ? 400n : 2000n)) | 1n;
  const trades: Trade[] = tradesOf(how === 'once' ? 402 : 5).map((trade, index) => ({
    ...trade,
    at: 1_782_912_600_000_000_007n + BigInt(index) * stretch,
  }));
  const [first, last] = [trades[0]?.at ?? 0n, trades.at(-1)?.at ?? 0n];
  const clock = new ManualClock(1_000_000_000_000_000_003n);
  const start = clock.now();
  let [drift, emitted] = [0n, 0];
  const deck = new Deck(
    {
      from: first,
      pages: async function* () {
        yield trades;
      },
    },
    {
      clock,
      speed,
      passes: how === 'once' ? 1 : Infinity,
      startAt: undefined,
      lag: 0n,
      live: false,
      timestamps: 'original',
      maxIdle: undefined,
      window: 1n,
      pressure: () => undefined,
      ended: () => undefined,
      failed: (error) => {
        throw error;
      },
      emit: ({ page, from, to }) => {
        for (let index = from; index < to; index++, emitted++) {
          const pass = BigInt(Math.floor(emitted / trades.length));
          const market = pass * (last - first + loopPause) + (page[index]?.at ?? 0n) - first;
          // The first whole nanosecond at which the instant has come.
          const due = start + (market * 1000n + pace - 1n) / pace;
          const off = clock.now() - due;
          if (off > drift || -off > drift) drift = off < 0n ? -off : off;
        }
      },
    },
  );
  deck.play();
  await clock.advance(tenHours);
  await deck[Symbol.asyncDispose]();
  return { drift, emitted };
}
