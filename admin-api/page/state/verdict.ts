import { signal } from '@preact/signals';

/** How one expectation of the scenario stands. */
export interface Standing {
  readonly id: string;
  readonly sentence: string;
  readonly severity: 'error' | 'warn';
  readonly step?: string | undefined;
  readonly outcome: 'met' | 'unmet' | 'open';
  readonly expected: string;
  readonly seen: string;
}

/** The expectations of the run that is shown; absent before the first answer. */
export const standings = signal<readonly Standing[] | undefined>(undefined);
