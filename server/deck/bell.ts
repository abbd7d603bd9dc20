import type { Cancel } from '../../market/clock.ts';

/** Cuts a wait short. Counts its rings, so that a wait notices one that came before it began. */
export class Bell {
  rings = 0;
  #wake: () => void = () => undefined;

  ring(): void {
    this.rings++;
    this.#wake();
  }

  /** Resolves when `wake` calls back, or as soon as the bell has rung more often than `heard`. */
  async wait(heard: number, wake?: (call: () => void) => Cancel): Promise<void> {
    if (heard !== this.rings) return;
    let cancel: Cancel | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      cancel = wake?.(resolve);
    });
    cancel?.();
  }
}
