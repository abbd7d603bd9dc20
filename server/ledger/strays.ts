import type { Nanos } from '../../market/event.ts';

/** Where an event is on the deck, and among all that its session heard of its own copy: places without a gap follow each other there. */
export interface Place {
  readonly sequence: number;
  readonly ordinal: number;
  /** Added to its times on the wire when it was played. */
  readonly shift: Nanos;
}

/** Neighbours among what a session heard, both ends inclusive. */
export interface Run {
  from: number;
  to: number;
  first: number;
  last: number;
  readonly why: string;
}

/** How many runs may still be remembered, over all clients. */
export interface Room {
  left: number;
}

/** A set of places, kept as runs of neighbours that share a reason, oldest first. */
export class Runs {
  readonly #room: Room;
  readonly #runs: Run[] = [];

  constructor(room: Room) {
    this.#room = room;
  }

  get all(): readonly Run[] {
    return this.#runs;
  }

  has({ ordinal }: Place): boolean {
    return (this.#runs[this.#after(ordinal) - 1]?.last ?? -1) >= ordinal;
  }

  /** Returns false, and forgets it, when there is no room. What is there already stays what it is. */
  add({ sequence, ordinal }: Place, why: string): boolean {
    const at = this.#after(ordinal);
    const [before, next] = [this.#runs[at - 1], this.#runs[at]];
    if (before !== undefined && before.last >= ordinal) return true;
    const follows = before?.last === ordinal - 1 && before.why === why;
    const precedes = next?.first === ordinal + 1 && next.why === why;
    if (follows) {
      [before.to, before.last] = precedes ? [next.to, next.last] : [sequence, ordinal];
      if (precedes) this.#drop(at);
      return true;
    }
    if (precedes) {
      [next.from, next.first] = [sequence, ordinal];
      return true;
    }
    return this.#put(at, { from: sequence, to: sequence, first: ordinal, last: ordinal, why });
  }

  /** Returns whether it was there. */
  remove({ sequence, ordinal }: Place): boolean {
    const at = this.#after(ordinal) - 1;
    const run = this.#runs[at];
    if (run === undefined || run.last < ordinal) return false;
    const { to, first, last, why } = run;
    if (first === last) this.#drop(at);
    else if (first === ordinal) [run.from, run.first] = [sequence + 1, ordinal + 1];
    else {
      [run.to, run.last] = [sequence - 1, ordinal - 1];
      if (last > ordinal) this.#put(at + 1, { from: sequence + 1, to, first: ordinal + 1, last, why });
    }
    return true;
  }

  #put(at: number, run: Run): boolean {
    if (this.#room.left <= 0) return false;
    this.#room.left--;
    this.#runs.splice(at, 0, run);
    return true;
  }

  #drop(at: number): void {
    this.#room.left++;
    this.#runs.splice(at, 1);
  }

  /** Position of the first run that begins after a place. */
  #after(ordinal: number): number {
    let [low, high] = [0, this.#runs.length];
    // Most of the time it is the newest.
    if ((this.#runs[high - 1]?.first ?? -1) <= ordinal) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.first ?? 0) <= ordinal) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Numbers of the deck between which a session was sent nothing of what it should have heard, both inclusive. */
export interface Hole {
  readonly from: number;
  to: number;
  readonly why: string;
}

/** What one session was sent otherwise than once: not at all, or more often. */
export class Strays {
  /** So often something was not remembered for want of room. */
  forgotten = 0;
  readonly #room: Room;
  readonly #lost: Runs;
  /** Each holds what was sent once more than the one before. */
  readonly #extra: Runs[] = [];
  readonly #holes: Hole[] = [];

  constructor(room: Room) {
    this.#room = room;
    this.#lost = new Runs(room);
  }

  /** As far as is remembered everything was sent once. */
  get isEmpty(): boolean {
    return this.#size === 0;
  }

  get #size(): number {
    return [this.#lost, ...this.#extra].reduce((sum, { all }) => sum + all.length, this.#holes.length);
  }

  /** Nobody will ask for it again: others may have its room. */
  leave(): void {
    this.#room.left += this.#size;
  }

  /** It was sent once less than it seemed. */
  lost(place: Place, why: string): void {
    if (this.#extra.findLast((extra) => extra.has(place))?.remove(place) === true) return;
    if (!this.#lost.add(place, why)) this.forgotten++;
  }

  /** It was sent once more. */
  found(place: Place): void {
    if (this.#lost.remove(place)) return;
    let extra = this.#extra.find((runs) => !runs.has(place));
    if (extra === undefined) this.#extra.push((extra = new Runs(this.#room)));
    if (!extra.add(place, '')) this.forgotten++;
  }

  /** Nothing that it should have heard between two numbers was sent. */
  lostAll(from: number, to: number, why: string): void {
    const last = this.#holes.at(-1);
    if (last?.why === why && last.to === from - 1) last.to = to;
    else if (this.#room.left-- > 0) this.#holes.push({ from, to, why });
    else {
      this.#room.left = 0;
      this.forgotten++;
    }
  }

  /** As they stand, for one reading of the deck's numbers in their order. */
  reading(): StrayReading {
    const holes = this.#holes.toSorted((one, other) => one.from - other.from);
    return new StrayReading(
      [copied(this.#lost.all), holes],
      this.#extra.map((runs) => copied(runs.all)),
    );
  }
}

const copied = (runs: readonly Run[]): readonly Hole[] => runs.map(({ from, to, why }) => ({ from, to, why }));

/** Tells number by number how often a session was sent it. Ask in their order. */
export class StrayReading {
  /** For another reading from the beginning. */
  readonly again: () => StrayReading;
  readonly #lost: readonly Cursor[];
  readonly #extra: readonly Cursor[];

  constructor(lost: readonly (readonly Hole[])[], extra: readonly (readonly Hole[])[]) {
    this.again = () => new StrayReading(lost, extra);
    this.#lost = lost.map((holes) => new Cursor(holes));
    this.#extra = extra.map((holes) => new Cursor(holes));
  }

  /** Of an event that the session should have heard: why it was not sent, or how often it was. */
  of(sequence: number): number | string {
    let why: string | undefined;
    for (const cursor of this.#lost) why = cursor.at(sequence)?.why ?? why;
    if (why !== undefined) return why;
    let times = 1;
    for (const cursor of this.#extra) if (cursor.at(sequence) !== undefined) times++;
    return times;
  }
}

class Cursor {
  readonly #holes: readonly Hole[];
  #at = 0;

  constructor(holes: readonly Hole[]) {
    this.#holes = holes;
  }

  at(sequence: number): Hole | undefined {
    while ((this.#holes[this.#at]?.to ?? Infinity) < sequence) this.#at++;
    const hole = this.#holes[this.#at];
    return hole !== undefined && hole.from <= sequence ? hole : undefined;
  }
}
