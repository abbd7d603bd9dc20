import type { Cancel, Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import type { FaultLine } from './injection/fault-log.ts';
import type { Finding } from './expectations/expectation.ts';
import { inquire, type Search, search } from './inquiry.ts';
import type { Entry } from './journal-entry.ts';
import { type Account, whileWanted } from './ledger.ts';
import { expectationOf, type Question } from './question.ts';
import { describeEntry, sinceStart } from './reports/describe-entry.ts';
import type { RunFacts } from './reports/index.ts';
import { compareRows, type KeptRow, type RowQuestion } from './row-inquiry.ts';
import type { Run } from './run.ts';
import type { Step } from './scenario/steps.ts';
import { labelOf } from './session/session-record.ts';
import { explainTape } from './sources/index.ts';
import { untilAborted } from './until-aborted.ts';
import { type Court, Judge, type Judged, type Standing, type Verdict } from './verdict.ts';

export interface TrialOptions {
  readonly run: Run;
  /** Where relative file names of expectations start. */
  readonly directory: string;
  readonly clock: Clock;
}

/** The ways a verdict is reported. */
export type ReportFormat = 'junit' | 'json' | 'html';

/** What a report may tell beside what the run knows of itself. */
export interface ReportOptions {
  /** How to run it again just so. */
  readonly again?: string;
  /** Version of Papertape. */
  readonly version?: string;
  /** Gives up reading the tape for it. */
  readonly signal?: AbortSignal;
}

/** What is on record of a run, and the verdict on its clients. Ask before the exchange is disposed of: the tape is read again for it. */
export class Trial implements Disposable {
  readonly #options: TrialOptions;
  readonly #court: Court;
  readonly #judge: Judge;
  readonly #started: Nanos;
  readonly #stop = new AbortController();
  readonly #deaf: Cancel;
  readonly #begun = new Set<string>();
  readonly #over = new Set<string>();
  /** When each verdict was given, and what the ledger said then. */
  readonly #facts = new WeakMap<Verdict, { readonly ended: Nanos; accounts?: Promise<readonly Account[]> }>();

  constructor(options: TrialOptions) {
    const { run, directory, clock } = options;
    const { injector, journal } = run.chronicle;
    this.#options = options;
    this.#started = clock.now();
    this.#court = { labelOf, wall: (span) => injector.wall(span), directory, signal: this.#stop.signal };
    this.#judge = new Judge(run.scenario.expect, this.#court);
    this.#deaf = journal.listen((entry) => {
      if (entry.kind === 'fault' && entry.phase !== 'strikes') {
        (entry.phase === 'begins' ? this.#begun : this.#over).add(entry.step);
      }
      this.#judge.hear(entry);
    });
  }

  /** Everything sent and received that is still kept, oldest first, without keys. Market data is told as rows of events. */
  get entries(): readonly Entry[] {
    return this.#options.run.chronicle.journal.entries;
  }

  /** Those with a higher number than this, oldest first, so many at most. */
  entriesAfter(number: number, most: number): readonly Entry[] {
    return this.#options.run.chronicle.journal.after(number, most);
  }

  /** How many entries there have been. */
  get written(): number {
    const { journal } = this.#options.run.chronicle;
    journal.settle();
    return journal.written;
  }

  /** Aborted when the run is closed: nothing more will be written. */
  get closed(): AbortSignal {
    return this.#stop.signal;
  }

  /** Tells every entry to come as it is written. */
  listen(reader: (entry: Entry) => void): Cancel {
    return this.#options.run.chronicle.journal.listen(reader);
  }

  /** Every fault that was injected, where on the tape, and whom it struck: the same for the same tape, scenario and seed. */
  get faults(): readonly FaultLine[] {
    return this.#options.run.chronicle.faults.lines;
  }

  /** How each expectation stands now, without what only the whole tape can tell. */
  async standings(): Promise<readonly Standing[]> {
    this.#options.run.chronicle.journal.settle();
    return await this.#judge.standings(this.#options.clock.now());
  }

  /** Whether nothing more can come: the tape is over, every step has been, and no expectation waits for its client. */
  async isDecided(): Promise<boolean> {
    const { run } = this.#options;
    const { phase } = run.status;
    if (phase === 'broken') return true;
    if (phase !== 'ended' || !run.scenario.timeline.every((step) => this.#hasBeen(step))) return false;
    return (await this.standings()).every(({ outcome }) => outcome !== 'open');
  }

  /**
   * Whether the clients did what the scenario expects, as of now: what is still open is unmet. Reads the tape where rows are compared. Throws
   * the signal's reason on abort.
   */
  async verdict(signal: AbortSignal = new AbortController().signal): Promise<Verdict> {
    const { run, clock } = this.#options;
    run.chronicle.journal.settle();
    const ended = clock.now();
    const verdict = await untilAborted(this.#judge.verdict(ended, whileWanted(run.chronicle.ledger, signal)), signal);
    this.#facts.set(verdict, { ended });
    return verdict;
  }

  /**
   * Whether the clients have met one more expectation, from the beginning of the run on. Waits while it is open: at most so long, in wall
   * time, for what has not begun, and to its end for what has. Throws a RangeError for what no scenario could expect of this run.
   */
  async inquire(question: Question, patience: Nanos): Promise<Judged> {
    const { run } = this.#options;
    const expect = await expectationOf(question, run);
    return await inquire({ ...this.#search(patience), expect, court: this.#court, ledger: run.chronicle.ledger });
  }

  /** The verdict as soon as no expectation of the scenario is open, or one of severity `error` is unmet; waits as `inquire` does. */
  async decision(patience: Nanos): Promise<Verdict> {
    return await search(async () => {
      const standings = await this.standings();
      const found = await this.verdict();
      const isFailed = standings.some(({ outcome, severity }) => outcome === 'unmet' && severity === 'error');
      const isOpen = standings.some(
        ({ id, outcome }) => outcome === 'open' && found.findings.find((one) => one.id === id)?.outcome !== 'met',
      );
      const dues = standings.flatMap(({ due }) => due ?? []).toSorted((one, other) => (one < other ? -1 : 1));
      return { found, isFinal: isFailed || !isOpen, due: dues.find((due) => due > this.#options.clock.now()) };
    }, this.#search(patience));
  }

  /**
   * Whether rows that a client kept equal those that were owed, in the end. Looks again while they do not, at most so long, since they may
   * be still on their way. Reads the tape. Throws a RangeError for a question that is none.
   */
  async inquireRows(rows: Iterable<KeptRow>, question: RowQuestion, patience: Nanos): Promise<Finding> {
    const where = this.#search(patience);
    const { ledger, journal } = this.#options.run.chronicle;
    return await search(async () => {
      journal.settle();
      const found = await compareRows(rows, question, { ledger, signal: where.signal });
      return { found, isFinal: found.outcome === 'met' };
    }, where);
  }

  /** Journal entries in plain words, a line each: its number, when it was since the run began, and what happened. */
  tell(entries: readonly Entry[]): readonly string[] {
    return entries.map((entry) => `#${entry.number} ${sinceStart(entry, this.#started)} ${describeEntry(entry)}`);
  }

  /** A verdict of this trial as a file for CI (`junit`), for programs (`json`) or for people (`html`). */
  async report(format: ReportFormat, verdict: Verdict, options: ReportOptions = {}): Promise<string> {
    const reports = await import('./reports/index.ts');
    const tell = { junit: reports.junitReport, json: reports.jsonReport, html: reports.htmlReport }[format];
    return tell(verdict, await this.#factsOf(verdict, options));
  }

  [Symbol.dispose](): void {
    this.#deaf();
    this.#stop.abort();
  }

  /** One that lasts for the run, or until it has struck so often, need only have begun. */
  #hasBeen({ id, for: span }: Step): boolean {
    return this.#over.has(id) || (typeof span !== 'bigint' && this.#begun.has(id));
  }

  #search(patience: Nanos): Search {
    const { run, clock } = this.#options;
    return { journal: run.chronicle.journal, clock, signal: this.#stop.signal, patience };
  }

  async #factsOf(
    verdict: Verdict,
    { again, version = 'unknown', signal = this.#stop.signal }: ReportOptions,
  ): Promise<RunFacts> {
    const { scenario, status, chronicle } = this.#options.run;
    const known = this.#facts.get(verdict);
    if (known === undefined)
      throw new RangeError('not a verdict of this trial; report what its verdict() has returned');
    const { name, description, seed, tapes } = scenario;
    const { beyond } = chronicle;
    return {
      scenario: name,
      ...(description === undefined ? {} : { description: description.trim() }),
      seed,
      tape: tapes.map(explainTape).join('; '),
      speed: status.speed,
      started: this.#started,
      ended: known.ended,
      version,
      ...(again === undefined ? {} : { again }),
      entries: this.entries,
      written: chronicle.journal.written,
      accounts: await (known.accounts ??= whileWanted(chronicle.ledger, signal).accounts(this.#stop.signal)),
      ...(beyond.length === 0 ? {} : { beyond }),
    };
  }
}
