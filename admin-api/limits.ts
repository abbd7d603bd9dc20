import { ProblemError } from './problem.ts';

/** How much of one thing whoever may use the API can pile up. */
export interface Limit {
  readonly most: number;
  /** What the user of the server sets it by. */
  readonly setBy: string;
}

const usual = {
  /** Tapes of one's own, with those that are being made. */
  tapes: { most: 1000, setBy: 'PAPERTAPE_MAX_TAPES' },
  /** Bytes of one tape that is uploaded. */
  tapeBytes: { most: 2 ** 30, setBy: 'PAPERTAPE_MAX_TAPE_BYTES' },
  /** Bytes of all of them, with what is being made. */
  shelfBytes: { most: 10 * 2 ** 30, setBy: 'PAPERTAPE_MAX_SHELF_BYTES' },
  /** Tapes that are uploaded or generated at once. */
  tapeWorks: { most: 8, setBy: 'PAPERTAPE_MAX_TAPE_WORKS' },
  /** Scenarios that were uploaded. */
  scenarios: { most: 1000, setBy: 'PAPERTAPE_MAX_SCENARIOS' },
} satisfies Record<string, Limit>;

export type Limits = Readonly<Record<keyof typeof usual, Limit>>;
/** What is set; absent is as usual. */
export type GivenLimits = { readonly [Name in keyof Limits]?: number | undefined };

export function limitsOf(given: GivenLimits): Limits {
  const { tapes, tapeBytes, shelfBytes, tapeWorks, scenarios } = usual;
  const set = (limit: Limit, most: number | undefined): Limit => ({ ...limit, most: most ?? limit.most });
  return {
    tapes: set(tapes, given.tapes),
    tapeBytes: set(tapeBytes, given.tapeBytes),
    shelfBytes: set(shelfBytes, given.shelfBytes),
    tapeWorks: set(tapeWorks, given.tapeWorks),
    scenarios: set(scenarios, given.scenarios),
  };
}

/** A no that names the limit and the way out. */
export function beyond(
  { most, setBy }: Limit,
  status: 409 | 413 | 429 | 507,
  what: string,
  wayOut: string,
): ProblemError {
  return new ProblemError(status, `at most ${most} ${what} (${setBy}); ${wayOut}`);
}
