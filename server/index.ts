import { createServer, type Server } from 'node:http';
import { SystemClock, type Clock } from '../market/clock.ts';
import { PreciseClock } from '../market/precise-clock.ts';
import { openExchanges } from './exchanges/index.ts';
import { ExchangeServer } from './exchange-server.ts';
import { type Log, silentLog } from './log.ts';
import { arrange } from './arrange.ts';
import { Run } from './run.ts';
import { reachOf, type Reach } from './reach.ts';
import { type GivenScenario, readGivenScenario } from './scenario/given.ts';
import { openTape, type Source } from './sources/index.ts';
import type { Tls } from './http/tls-error.ts';
import { Trial } from './trial.ts';

export {
  closest,
  type Environment,
  explainScenario,
  type GivenScenario,
  type InlineScenario,
  type LoadedScenario,
  loadScenario,
  type Override,
  overrides,
  parseScenario,
  parseTape,
  printProblem,
  type Problem,
  readGivenScenario,
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
  type ImportProgress,
  type ImportRequest,
  type ImportResult,
  type Reject,
  type Sidecar,
  type TapeDescription,
  writeTape,
  type WriteOptions,
} from './tapes/index.ts';
export { keepClean } from './housekeeping.ts';
export type { Log } from './log.ts';
export type { Question } from './question.ts';
export type { Reach } from './reach.ts';
export { checkScenario, located, rehearse } from './rehearsal.ts';
export { htmlScoreCard, jsonScoreCard, junitScoreCard, type Score, type ScoreCard } from './reports/score-card.ts';
export { Run, type RunStatus } from './run.ts';
export { type ReportFormat, type ReportOptions, Trial } from './trial.ts';
export type { FaultLine } from './injection/fault-log.ts';
export type { Entry as JournalEntry } from './journal-entry.ts';
export type { Judged, Standing, Verdict } from './verdict.ts';
export { type Tls, TlsError } from './http/tls-error.ts';
export { UnplayableError, type Objection } from './unplayable.ts';
export { TapeError, type Page, type Selection, type Source, type Survey } from './sources/index.ts';

export interface PapertapeOptions {
  /** The name of a ready one, a file, YAML text, or an object; see `GivenScenario`. The ready scenario `default` when absent. */
  readonly scenario?: GivenScenario;
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** A free one when absent, or 0. */
  readonly port?: number;
  /** Relative paths of tapes start here; the working directory when absent. */
  readonly directory?: string | undefined;
  /** Played instead of the scenario's tapes. */
  readonly tapes?: readonly Source[];
  readonly clock?: Clock;
  /** With a certificate the port speaks https and wss, and nothing else. */
  readonly tls?: Tls | undefined;
  /** A pino logger, for example; silent when absent. */
  readonly log?: Log;
  /** Gives up a start that takes long, such as a survey of big tapes. Once it runs, dispose of it instead. */
  readonly signal?: AbortSignal;
}

/** A running mock exchange. Dispose of it to end every session and free the port. */
export interface Papertape extends AsyncDisposable, Reach {
  readonly host: string;
  readonly port: number;
  /** The deck's knobs, and where it stands. */
  readonly run: Run;
  /** What happened, what went wrong, and whether the clients coped. */
  readonly trial: Trial;
  /** Paths of all streams served, each by its first name. */
  readonly streams: readonly string[];
}

/**
 * Starts an exchange that plays a scenario. Throws a ScenarioError for a scenario that is none, a TapeError when the tapes are missing, broken or do not hold what the
 * scenario asks for, a TlsError when the certificate cannot serve, Node's own error when the port is taken, and the signal's
 * reason on abort.
 */
export async function startPapertape(options: PapertapeOptions = {}): Promise<Papertape> {
  const { host = '127.0.0.1', port = 0, clock = new SystemClock() } = options;
  const { scenario, directory } = await readGivenScenario(options.scenario ?? 'default', options.directory);
  const signal = options.signal ?? new AbortController().signal;
  const log = options.log ?? silentLog;
  const warn = (message: string): void => log.warn(message);
  /** In the order of their starting; closed in reverse. */
  const started: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    for (const part of started.splice(0).toReversed()) await part[Symbol.asyncDispose]();
  };
  const start = <Part extends AsyncDisposable>(part: Part): Part => (started.push(part), part);
  try {
    // A certificate that cannot serve is told before a long survey, not after.
    const listener = await openServer(options.tls, clock, log);
    const exchanges = openExchanges(scenario.endpoints);
    const sources =
      options.tapes ?? scenario.tapes.map((tape) => start(openTape(tape, { directory, seed: scenario.seed, warn })));
    const timeline = await arrange(scenario, sources, exchanges, signal, warn);
    signal.throwIfAborted();
    const precise = scenario.replay.pacing === 'precise' && clock instanceof SystemClock;
    const pacing = precise ? start(new PreciseClock()) : clock;
    const run = start(new Run({ scenario, exchanges, timeline, clock, pacing, log }));
    // Ended after the run, whose last words it hears.
    const trial = new Trial({ run, directory, clock });
    started.splice(-1, 0, { [Symbol.asyncDispose]: async () => trial[Symbol.dispose]() });
    const server = start(new ExchangeServer({ server: listener, run, clock, log }));
    const bound = await server.listen(host, port);
    const scheme = options.tls === undefined ? 'ws' : 'wss';
    const { key = 'any-key', secret = 'any-secret' } = scenario.keys?.[0] ?? {};
    return {
      ...reachOf(run, { host, port: bound, scheme, prefix: '', key, secret }),
      host,
      port: bound,
      run,
      trial,
      streams: run.streams,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** TLS is loaded only for who asks for it. */
async function openServer(tls: Tls | undefined, clock: Clock, log: Log): Promise<Server> {
  if (tls === undefined) return createServer();
  const { secureServer } = await import('./http/tls.ts');
  return secureServer(tls, clock.now(), log);
}
