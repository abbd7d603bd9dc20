import type { Terminal } from './shell.ts';

const width = 24;
/** Redraws at most so often, in milliseconds: more would slow the work it reports. */
const interval = 100;

/** Shows how far long work is, on a terminal only; a pipe or a log file hears nothing. `share` is 0…1 where it is known. */
export class Progress implements Disposable {
  readonly #terminal: Terminal;
  readonly #label: string;
  #drawn = false;
  #drawnAt = 0;
  #ticking: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, label: string) {
    this.#terminal = terminal;
    this.#label = label;
  }

  show(detail: string, share?: number): void {
    clearInterval(this.#ticking);
    const now = performance.now();
    if (now - this.#drawnAt < interval) return;
    this.#drawnAt = now;
    this.#draw(detail, share);
  }

  /** For work that cannot tell how far it is: shows how long it has been at it, until something else is shown. */
  wait(detail: string): void {
    clearInterval(this.#ticking);
    const start = performance.now();
    this.#draw(detail);
    const tick = (): void => this.#draw(`${detail}, ${Math.round((performance.now() - start) / 1000)} s`);
    this.#ticking = setInterval(tick, 1000).unref();
  }

  #draw(detail: string, share?: number): void {
    if (this.#terminal.isTTY !== true) return;
    this.#drawn = true;
    const filled = share === undefined ? 0 : Math.round(Math.min(1, Math.max(0, share)) * width);
    const bar = share === undefined ? '' : ` [${'#'.repeat(filled)}${'.'.repeat(width - filled)}]`;
    this.#terminal.write(`\r\u001b[2K${this.#label}${bar} ${detail}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#ticking);
    if (this.#drawn) this.#terminal.write('\r\u001b[2K');
    this.#drawn = false;
  }
}
