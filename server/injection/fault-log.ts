import type { Nanos } from '../../market/event.ts';

/** One line of the log of what was injected. It says nothing of wall time, so that equal runs have equal logs. */
export interface FaultLine {
  readonly step: string;
  /** Name of the fault. */
  readonly name: string;
  readonly phase: 'begins' | 'strikes' | 'ends';
  readonly session: number | undefined;
  /** Tape time. */
  readonly tape: Nanos;
  /** Strikes in a row on one session: how many, and the numbers of the first and the last event on the deck. */
  times: number;
  readonly from: number | undefined;
  to: number | undefined;
}

/** Lines that are kept; what comes after is counted, not told. */
const mostLines = 100_000;

/** Every fault that was injected, where on the tape, and whom it struck. */
export class FaultLog {
  readonly lines: FaultLine[] = [];
  /** Lines that had no room. */
  left = 0;
  /** The last line of strikes of each step and session. */
  readonly #open = new Map<string, FaultLine>();

  /** Returns whether it is a line of its own: strikes of one step on one session in a row share one. */
  write(line: Omit<FaultLine, 'times' | 'to'>): boolean {
    const row = `${line.step}\n${line.session}`;
    const open = this.#open.get(row);
    if (line.phase === 'strikes' && line.from !== undefined && open !== undefined) {
      open.times++;
      open.to = line.from;
      return false;
    }
    if (line.phase !== 'strikes')
      for (const key of this.#open.keys()) if (key.startsWith(`${line.step}\n`)) this.#open.delete(key);
    const whole = { ...line, times: 1, to: line.from };
    if (line.phase === 'strikes' && line.from !== undefined) this.#open.set(row, whole);
    if (this.lines.length < mostLines) this.lines.push(whole);
    else this.left++;
    return true;
  }
}
