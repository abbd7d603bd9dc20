import { hash } from 'node:crypto';
import type { MarketEvent } from '../../market/event.ts';
import { lineOfEvent } from '../sources/file/index.ts';

/** Rows remembered for certain, of the tape's end and of what is heard; at most twice as many are, some 40 MB. */
export const rememberedRows = 131_072;

interface Row {
  /** How often the tape has it. */
  total: number;
  /** The connection that said it last, and how often it did. */
  speaker: number;
  times: number;
  /** Other connections that said it. */
  others: Map<number, number> | undefined;
}

/**
 * Tells rows that are heard once more from rows that are alike: what one connection says twice is two rows, what two connections say
 * once each, or a vendor says again to a recording that goes on, is one.
 */
export class Repeats {
  #rows = new Map<string, Row>();
  /** Those before; asked for once more, a row stays. All of them are forgotten at once: a Map that loses its oldest row each time looks for it ever longer. */
  #before = new Map<string, Row>();

  /** The tape has this row already. */
  seed(event: MarketEvent): void {
    this.#rowOf(identityOf(event, lineOfEvent(event))).total++;
  }

  /** Whether the tape does not have this row yet, which it would spell as `line`. */
  isNew(event: MarketEvent, line: string, connection: number): boolean {
    const row = this.#rowOf(identityOf(event, line));
    if (row.speaker !== connection) {
      row.others ??= new Map();
      row.others.set(row.speaker, row.times);
      row.times = row.others.get(connection) ?? 0;
      row.speaker = connection;
    }
    row.times++;
    if (row.times <= row.total) return false;
    row.total = row.times;
    return true;
  }

  #rowOf(identity: string): Row {
    const known = this.#rows.get(identity);
    if (known !== undefined) return known;
    const row = this.#before.get(identity) ?? { total: 0, speaker: -1, times: 0, others: undefined };
    if (this.#rows.size >= rememberedRows) [this.#before, this.#rows] = [this.#rows, new Map()];
    this.#rows.set(identity, row);
    return row;
  }
}

/** All a row says; of a bar not when it came, which no vendor tells, nor whether it came again. */
function identityOf(event: MarketEvent, line: string): string {
  if (!('start' in event)) return hash('md5', line, 'base64');
  const kind = event.kind === 'updated-bar' ? 'bar' : event.kind;
  return hash('md5', lineOfEvent({ ...event, at: 0n, kind }), 'base64');
}
