import { randomBytes } from 'node:crypto';
import { SystemClock, type Clock } from '../market/clock.ts';
import { ExchangeServer } from './exchange-server.ts';
import { type Log, silentLog } from './log.ts';
import type { RunRequest } from './open-run.ts';
import type { Run } from './run.ts';
import { reachOf, type Reach } from './reach.ts';
import { defaultRun, type HostedRun, Runs } from './runs.ts';
import { type GivenScenario, readGivenScenario } from './scenario/given.ts';
import { openServer } from './http/open-server.ts';
import type { Tls } from './http/tls-error.ts';
import type { Trial } from './trial.ts';

export {
  checkedYaml,
  closest,
  type Confines,
  type Environment,
  explainScenario,
  type GivenScenario,
  type InlineScenario,
  type LoadedScenario,
  loadScenario,
  parseConfined,
  type Override,
  overrides,
  parseScenario,
  parseTape,
  printProblem,
  type Problem,
  readGivenScenario,
  readyScenario,
  readyScenarios,
  type Scenario,
  ScenarioError,
  type ScenarioInput,
  scenarioJsonSchema,
  scenarioSchema,
  schemaId,
} from './scenario/index.ts';
export { clientVariables } from './client-variables.ts';
export { openTape, tapeSchema } from './sources/index.ts';
export {
  describeTape,
  importFiles,
  readSidecar,
  sidecarPath,
  tapeEndings,
  type ImportProgress,
  type ImportRequest,
  type ImportResult,
  type Reject,
  type Sidecar,
  type TapeDescription,
  writeTape,
  type WriteOptions,
} from './tapes/index.ts';
export { dayAround, drawDay, plannedFaults } from './drawn-day.ts';
export { playedBars } from './played-bars.ts';
export { keepClean } from './housekeeping.ts';
export type { Log } from './log.ts';
export { lastMessages } from './wire/frame-log.ts';
export type { Question } from './question.ts';
export type { Reach } from './reach.ts';
export type { KeptRow, RowQuestion } from './row-inquiry.ts';
export { checkScenario, located, rehearse } from './rehearsal.ts';
export { htmlScoreCard, jsonScoreCard, junitScoreCard, type Score, type ScoreCard } from './reports/score-card.ts';
export type { DriftReport } from './record/drift/drift.ts';
export { type Recorder, type RecorderOptions, type RecordingSummary, startRecorder } from './record/index.ts';
export { Run, type RunStatus } from './run.ts';
export { faultCatalogue, type FaultDescription, injectionJsonSchema } from './fault-catalogue.ts';
export type { ListedKey } from './keys.ts';
export { labelOf } from './session/session-record.ts';
export { describeEntry } from './reports/describe-entry.ts';
export { InjectionError, type LiveFault } from './live-faults.ts';
export type { InjectionInput } from './scenario/injection-now.ts';
export { defaultRun, type HostedRun, Runs, RunsError } from './runs.ts';
export type { RunRequest } from './open-run.ts';
export { type ReportFormat, type ReportOptions, Trial } from './trial.ts';
export type { FaultLine } from './injection/fault-log.ts';
export type { Entry as JournalEntry } from './journal-entry.ts';
export type { Judged, Standing, Verdict } from './verdict.ts';
export type { Finding } from './expectations/expectation.ts';
export { openServer } from './http/open-server.ts';
export { type Tls, TlsError } from './http/tls-error.ts';
export { UnplayableError, type Objection } from './unplayable.ts';
export { TapeError, type Page, type Selection, type Source, type Survey } from './sources/index.ts';

export interface PapertapeOptions extends Omit<RunRequest, 'scenario'> {
  /** The name of a ready one, a file, YAML text, or an object; see `GivenScenario`. The ready scenario `default` when absent. */
  readonly scenario?: GivenScenario;
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** A free one when absent, or 0. */
  readonly port?: number;
  readonly clock?: Clock;
  /** With a certificate the port speaks https and wss, and nothing else. */
  readonly tls?: Tls | undefined;
  /** A pino logger, for example; silent when absent. */
  readonly log?: Log;
}

/** A running mock exchange. Dispose of it to end every session and free the port. */
export interface Papertape extends AsyncDisposable, Reach {
  readonly host: string;
  readonly port: number;
  /** The run of clients that name none: the deck's knobs, and where it stands. */
  readonly run: Run;
  /** What happened in it, what went wrong, and whether the clients coped. */
  readonly trial: Trial;
  /** All runs; more can be opened beside the first, each below a prefix of its own. */
  readonly runs: Runs;
  /** How clients find one of them. */
  reach(hosted: HostedRun): Reach;
  /** Paths of all streams that it serves, each by its first name. */
  readonly streams: readonly string[];
}

/**
 * Starts an exchange that plays a scenario. Throws a ScenarioError for a scenario that is none, a TapeError when the tapes are missing, broken or do not hold what the
 * scenario asks for, a TlsError when the certificate cannot serve, Node's own error when the port is taken, and the signal's
 * reason on abort.
 */
export async function startPapertape(options: PapertapeOptions = {}): Promise<Papertape> {
  const { host = '127.0.0.1', port = 0, clock = new SystemClock() } = options;
  const given = await readGivenScenario(options.scenario ?? 'default', options.directory);
  const log = options.log ?? silentLog;
  // A certificate that cannot serve is told before a long survey, not after.
  const listener = await openServer(options.tls, clock, log);
  const runs = new Runs({ clock, log, random: (bytes) => randomBytes(bytes).toString('hex') });
  try {
    const { run, key } = await runs.open({ ...options, ...given }, defaultRun);
    const server = new ExchangeServer({ server: listener, runs, clock, log });
    const bound = await server.listen(host, port);
    const scheme = options.tls === undefined ? 'ws' : 'wss';
    return {
      ...reachOf(run, { host, port: bound, scheme, prefix: '', ...key }),
      host,
      port: bound,
      runs,
      reach: ({ run: its, prefix, key: shown }) => reachOf(its, { host, port: bound, scheme, prefix, ...shown }),
      get run() {
        return runs.default.run;
      },
      get trial() {
        return runs.default.trial;
      },
      get streams() {
        return runs.default.run.streams;
      },
      [Symbol.asyncDispose]: async () => {
        await server[Symbol.asyncDispose]();
        await runs[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await runs[Symbol.asyncDispose]();
    throw error;
  }
}
