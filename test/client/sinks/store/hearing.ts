import * as fc from 'fast-check';
import type { Batch } from '../../../../client/batch.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { quote, trade } from '../../../helpers/events.ts';
import { at, heard } from './rig.ts';

/** What one client hears of a market, however badly, until history has told it all that it missed. */
export interface Hearing {
  readonly truth: readonly MarketEvent[];
  /** In the order in which they arrive; a restart forgets all that is in memory. */
  readonly steps: readonly (Batch | 'restart')[];
}

const happening = fc.record({
  instant: fc.nat(3),
  symbol: fc.constantFrom('A', 'B'),
  bid: fc.constantFrom(1, 2),
  hasId: fc.boolean(),
});

/** One choice of each turn: who is heard next, how much of it, and what goes wrong. */
const turn = fc.record({
  who: fc.nat(),
  size: fc.integer({ min: 1, max: 4 }),
  repeats: fc.nat(3),
  restarts: fc.boolean(),
});

/** Any market of quotes without ids and trades with ids, of which the stream misses any, half instants too; any overlapping answers; restarts. */
export const hearings: fc.Arbitrary<Hearing> = fc
  .record({
    happenings: fc.array(happening, { minLength: 1, maxLength: 20 }),
    missed: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
    curious: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 3 }),
    turns: fc.array(turn, { minLength: 40, maxLength: 40 }),
    mostRestarts: fc.nat(2),
  })
  .map(({ happenings, missed, curious, turns, mostRestarts }) => {
    const truth = happenings
      .sort((one, other) => one.instant - other.instant)
      .map(({ instant, symbol, bid, hasId }, n) =>
        hasId ? trade(at(instant), { symbol, id: String(n) }) : quote(at(instant), { symbol, bidPrice: bid }),
      );
    const stream = truth.filter((_, n) => !missed[n]);
    const gaps = truth.filter((_, n) => missed[n]).map((event) => new Answer(truth, event.at, event.at));
    const more = curious.map(([one, other]) => new Answer(truth, at(Math.min(one, other)), at(Math.max(one, other))));
    return { truth, steps: play(truth, stream, [...gaps, ...more], turns, mostRestarts) };
  });

let askings = 0;

/** What history says of a span, page by page. */
class Answer {
  readonly events: readonly MarketEvent[];
  asking = ++askings;
  told = 0;

  constructor(truth: readonly MarketEvent[], from: bigint, to: bigint) {
    this.events = truth.filter((event) => event.at >= from && event.at <= to);
  }

  get isOver(): boolean {
    return this.told >= this.events.length;
  }

  page(size: number): Batch {
    const events = this.events.slice(this.told, this.told + size);
    this.told += size;
    return heard(events, { origin: 'history', asking: this.asking });
  }

  /** As a client does that was restarted in the middle. */
  askAgain(): void {
    this.told = 0;
    this.asking = ++askings;
  }
}

function play(
  truth: readonly MarketEvent[],
  stream: readonly MarketEvent[],
  answers: Answer[],
  turns: readonly { who: number; size: number; repeats: number; restarts: boolean }[],
  mostRestarts: number,
): (Batch | 'restart')[] {
  const steps: (Batch | 'restart')[] = [];
  let [next, restarts] = [0, 0];
  const speak = (size: number, repeats: number): void => {
    const events = stream.slice(next, next + size);
    // A vendor may send again what has an id; what has none would be another event.
    const again = stream.slice(0, next + size).filter(({ kind }) => kind === 'trade');
    next += size;
    steps.push(heard([...events, ...again.slice(0, repeats)]));
  };
  for (const { who, size, repeats, restarts: wants } of turns) {
    const open = answers.filter((answer) => !answer.isOver && answer.events.length > 0);
    const choice = who % (open.length + 1);
    const answer = open[choice - 1];
    if (answer !== undefined) steps.push(answer.page(size));
    else if (next < stream.length) speak(size, repeats);
    if (!wants || restarts >= mostRestarts) continue;
    restarts++;
    steps.push('restart');
    for (const one of open) if (!one.isOver) one.askAgain();
    // A client that comes back asks from the last instant it has.
    const [before, after] = [stream[next - 1] ?? truth[0], stream[next] ?? truth.at(-1)];
    if (before !== undefined && after !== undefined) answers.push(new Answer(truth, before.at, after.at));
  }
  while (next < stream.length) speak(3, 0);
  for (const answer of answers) while (!answer.isOver) steps.push(answer.page(3));
  return steps;
}
