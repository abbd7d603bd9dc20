import { appendFile, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../../market/clock.ts';
import { isoMillis } from '../../../market/nanos.ts';
import { codeOf } from '../../../migrations/session.ts';

/** Bytes that the file of refused rows may have; beyond them nothing is dropped, but storing stops until somebody has looked. */
export const mostRejectedBytes = 256 * 1024 * 1024;

/** Refused rows, one JSON text a line: when, why, of which table, what. */
export class Rejects {
  readonly file: string;
  readonly #clock: Clock;

  constructor(file: string, clock: Clock) {
    this.file = file;
    this.#clock = clock;
  }

  /** Puts a row aside. Throws when the file takes no more. */
  async add(table: string, why: string, row: object): Promise<void> {
    const bytes = await stat(this.file).then(
      ({ size }) => size,
      (error: unknown) => {
        if (codeOf(error) === 'ENOENT') return 0;
        throw error;
      },
    );
    if (bytes > mostRejectedBytes) {
      throw new Error(`${this.file} holds ${bytes} bytes of refused rows: look at them and move the file away`);
    }
    const line = JSON.stringify({ rejectedAt: isoMillis(this.#clock.now()), table, why, row }, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    await mkdir(dirname(this.file), { recursive: true });
    await appendFile(this.file, `${line}\n`);
  }
}
