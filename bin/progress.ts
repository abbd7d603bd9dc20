import type { Terminal } from './shell.ts';

const width = 24;
/** Redraws at most so often, in milliseconds: more would slow the work it reports. */
const interval = 100;

/** Shows how far long work is, on a terminal only; a pipe or a log file hears nothing. `share` is 0…1 where it is known. */
export class Progress implements Disposable {
  readonly #terminal: Terminal;
  readonly #label: string;
  #drawnAt = 0;

  constructor(terminal: Terminal, label: string) {
    this.#terminal = terminal;
    this.#label = label;
  }

  show(detail: string, share?: number): void {
    const now = performance.now();
    if (this.#terminal.isTTY !== true || now - this.#drawnAt < interval) return;
    this.#drawnAt = now;
    const filled = share === undefined ? 0 : Math.round(Math.min(1, Math.max(0, share)) * width);
    const bar = share === undefined ? '' : ` [${'#'.repeat(filled)}${'.'.repeat(width - filled)}]`;
    this.#terminal.write(`\r\u001b[2K${this.#label}${bar} ${detail}`);
  }

  [Symbol.dispose](): void {
    if (this.#drawnAt > 0) this.#terminal.write('\r\u001b[2K');
  }
}
