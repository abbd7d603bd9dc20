import type { Nanos } from '../market/event.ts';
import { Sights } from './evidence/aim.ts';
import { chosenExpectation } from './expectations/index.ts';
import type { Expectation, Finding, Scene, When } from './expectations/expectation.ts';
import type { Entry } from './journal-entry.ts';
import type { Ledger } from './ledger.ts';
import type { Expect } from './scenario/steps.ts';

/** How one expectation of a scenario stands. */
export interface Standing extends Finding {
  readonly id: string;
  /** What must happen, in a sentence without a full stop. */
  readonly sentence: string;
  readonly severity: Expect['severity'];
  /** The step it comes after, or holds during. */
  readonly step: string | undefined;
}

/** An expectation when the run is over. */
export interface Judged extends Standing {
  readonly outcome: 'met' | 'unmet';
}

/** Whether the clients of a run coped. */
export interface Verdict {
  /** Nothing of severity `error` is unmet. */
  readonly passed: boolean;
  /** In the order of the scenario. */
  readonly findings: readonly Judged[];
  readonly counts: {
    readonly met: number;
    /** Unmet, of severity `error`. */
    readonly failed: number;
    /** Unmet, of severity `warn`. */
    readonly warned: number;
  };
}

/** What a judge must know of the run. */
export interface Court extends Omit<Scene, 'step'> {
  /** How the journal calls the clients of a key. */
  readonly labelOf: (key: string) => string;
}

/** One expectation, and whether its time has come. */
interface Watch {
  readonly expect: Expect;
  readonly sentence: string;
  readonly expectation: Expectation;
  readonly sights: Sights;
  readonly step: string | undefined;
  /** How often its step is under way now; `after`: whether it ever began. */
  running: number;
  begun: boolean;
}

/**
 * Hears a run's journal and says whether its clients did what the scenario expects. An expectation holds from the beginning of the
 * run, or of its step (`after`), or while its step lasts (`during`); what comes before and after it hears as such. When the run is
 * over, what is still open is unmet: it should have happened.
 */
export class Judge {
  readonly #watches: readonly Watch[];

  constructor(expect: readonly Expect[], { labelOf, wall, directory, signal }: Court) {
    this.#watches = expect.map((one) => {
      const chosen = chosenExpectation(one.must);
      const step = one.after ?? one.during;
      const { endpoint, key, symbols, channels } = one.target ?? {};
      return {
        expect: one,
        sentence: chosen.sentence,
        expectation: chosen.open({ wall, directory, signal, ...(step === undefined ? {} : { step }) }),
        sights: new Sights({ endpoint, client: key === undefined ? undefined : labelOf(key), symbols, channels }),
        step,
        running: 0,
        begun: step === undefined,
      };
    });
  }

  /** An entry of the journal, in their order. */
  hear(entry: Entry): void {
    for (const watch of this.#watches) {
      const isStep = entry.kind === 'fault' && entry.step === watch.step;
      if (isStep && entry.phase === 'begins') {
        watch.begun = true;
        watch.running++;
      }
      const seen = watch.sights.see(entry);
      if (seen !== undefined) watch.expectation.hear(seen, whenOf(watch));
      if (isStep && entry.phase === 'ends' && watch.running > 0) watch.running--;
    }
  }

  /** How it stands at this moment of the run, without what only the ledger can tell. */
  async standings(now: Nanos): Promise<readonly Standing[]> {
    return await Promise.all(
      this.#watches.map(async (watch) => ({ ...told(watch), ...(await find(watch, now, undefined)) })),
    );
  }

  /** The verdict, when the run is over. Reads the tape where an expectation compares rows. */
  async verdict(now: Nanos, ledger: Ledger): Promise<Verdict> {
    const findings: Judged[] = [];
    // One after the other: each may read the whole tape.
    for (const watch of this.#watches) {
      const finding = await find(watch, now, watch.sights.narrow(ledger));
      findings.push({ ...told(watch), ...final(watch, finding) });
    }
    const unmet = findings.filter(({ outcome }) => outcome === 'unmet');
    const failed = unmet.filter(({ severity }) => severity === 'error').length;
    const counts = { met: findings.length - unmet.length, failed, warned: unmet.length - failed };
    return { passed: failed === 0, findings, counts };
  }
}

function whenOf({ expect, begun, running }: Watch): When {
  if (!begun) return 'before';
  return expect.during === undefined || running > 0 ? 'now' : 'past';
}

const told = ({ expect: { id, severity }, sentence, step }: Watch) => ({ id, sentence, severity, step });

async function find({ expectation }: Watch, now: Nanos, ledger: Ledger | undefined): Promise<Finding> {
  try {
    return await expectation.find(now, ledger);
  } catch (error) {
    const seen = `it could not be judged: ${error instanceof Error ? error.message : String(error)}`;
    return { outcome: 'unmet', expected: 'a run that can be judged', seen, lines: [] };
  }
}

function final({ begun, step }: Watch, finding: Finding): Pick<Judged, 'outcome' | 'expected' | 'seen' | 'lines'> {
  const { outcome, expected, seen, lines } = finding;
  if (!begun) return { outcome: 'unmet', expected, seen: `the step ${step} never began`, lines: [] };
  return { outcome: outcome === 'met' ? 'met' : 'unmet', expected, seen, lines };
}
