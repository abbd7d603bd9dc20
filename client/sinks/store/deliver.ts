import { codeOf, reason } from '../../../migrations/session.ts';
import type { Line } from './line.ts';
import { halves, type Parcel } from './parcel.ts';
import { statements, type TableName } from './tables.ts';

/** What became of a parcel. */
export interface Delivery {
  readonly stored: number;
  /** Refused, because the same rows were there. */
  readonly known: number;
  readonly rejected: number;
}

/** Takes a row that PostgreSQL refuses, with its reason. */
export type Reject = (row: Parcel, why: string) => Promise<void>;

const uniqueViolation = '23505';

/** Brings parcels into their tables over one line, each row once. What it cannot do for want of a database it throws. */
export class Deliverer {
  readonly #line: Line;
  readonly #reject: Reject;
  readonly #staged = new Set<TableName>();
  /** Tables of which the last parcel held rows that were there: after a reconnect the next ones will too. */
  readonly #overlapping = new Set<TableName>();

  constructor(line: Line, reject: Reject) {
    this.#line = line;
    this.#reject = reject;
  }

  async deliver(parcel: Parcel): Promise<Delivery> {
    const { table, rows, bytes } = parcel;
    // A bar may replace an older one, so it is always compared.
    if (table !== 'market_data' && !parcel.known && !this.#overlapping.has(table)) {
      try {
        await this.#line.copy(statements[table].direct, bytes);
        return { stored: rows, known: 0, rejected: 0 };
      } catch (error) {
        if (!isOfRow(error) && codeOf(error) !== uniqueViolation) throw error;
      }
    }
    const delivery = await this.#stage(parcel);
    if (delivery.known > 0) this.#overlapping.add(table);
    else this.#overlapping.delete(table);
    return delivery;
  }

  /** Through staging; a half that is refused is halved again, down to the row that is to blame. */
  async #stage(parcel: Parcel, how: 'settle' | 'settleCarefully' = 'settle'): Promise<Delivery> {
    const { table, rows, bytes } = parcel;
    const { createStaging, stage, [how]: settle } = statements[table];
    try {
      if (!this.#staged.has(table)) await this.#line.run(createStaging);
      this.#staged.add(table);
      const stored = await this.#line.transaction(async (line) => {
        await line.copy(stage, bytes);
        return (await line.run(settle)).count;
      });
      return { stored, known: rows - stored, rejected: 0 };
    } catch (error) {
      if (codeOf(error) === uniqueViolation && how === 'settle') return await this.#stage(parcel, 'settleCarefully');
      if (!isOfRow(error)) throw error;
      if (rows === 1) {
        await this.#reject(parcel, reason(error));
        return { stored: 0, known: 0, rejected: 1 };
      }
      const [first, second] = halves(parcel);
      return sum(await this.#stage(first, how), await this.#stage(second, how));
    }
  }
}

/**
 * Whether a row is to blame, not the database: SQLSTATE class 22, data exception; 23, integrity constraint; 54, a limit of the program, such as
 * the size of an index entry. (PostgreSQL manual, Appendix A.)
 */
function isOfRow(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  return /^(?:22|23|54)...$/.test(code) && code !== uniqueViolation;
}

const sum = (one: Delivery, other: Delivery): Delivery => ({
  stored: one.stored + other.stored,
  known: one.known + other.known,
  rejected: one.rejected + other.rejected,
});
