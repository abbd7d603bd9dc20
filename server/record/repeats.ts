import { createHash } from 'node:crypto';
import type { MarketEvent } from '../../market/event.ts';
import { lineOfEvent } from '../sources/file/index.ts';

/** Rows remembered, of the tape's end and of what is heard; the oldest are forgotten first. Some 20 MB. */
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
  readonly #rows = new Map<string, Row>();

  /** The tape has this row already. */
  seed(event: MarketEvent): void {
    this.#rowOf(identityOf(event)).total++;
  }

  /** Whether the tape does not have this row yet. */
  isNew(event: MarketEvent, connection: number): boolean {
    const row = this.#rowOf(identityOf(event));
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
    const row = this.#rows.get(identity) ?? { total: 0, speaker: -1, times: 0, others: undefined };
    // Asked for last, forgotten last.
    this.#rows.delete(identity);
    this.#rows.set(identity, row);
    if (this.#rows.size > rememberedRows) for (const oldest of this.#rows.keys()) return this.#forget(oldest, row);
    return row;
  }

  #forget(identity: string, row: Row): Row {
    this.#rows.delete(identity);
    return row;
  }
}

/** All a row says; of a bar not when it came, which no vendor tells, nor whether it came again. */
function identityOf(event: MarketEvent): string {
  const same =
    'start' in event ? { ...event, at: 0n, kind: event.kind === 'updated-bar' ? ('bar' as const) : event.kind } : event;
  return createHash('md5').update(lineOfEvent(same)).digest('base64');
}
