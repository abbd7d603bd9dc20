import { SystemClock, type Clock } from '../market/clock.ts';
import { PreciseClock } from '../market/precise-clock.ts';
import { arrange } from './arrange.ts';
import { openExchanges } from './exchanges/index.ts';
import type { Log } from './log.ts';
import { Run } from './run.ts';
import type { Scenario } from './scenario/schema.ts';
import { openTape, type Source } from './sources/index.ts';
import { Trial } from './trial.ts';

/** What a run is made of. */
export interface RunRequest {
  readonly scenario: Scenario;
  /** Relative paths of tapes start here; the working directory when absent. */
  readonly directory?: string | undefined;
  /** Played instead of the scenario's tapes; whoever brings them disposes of them. */
  readonly tapes?: readonly Source[] | undefined;
  /** Gives up a start that takes long, such as a survey of big tapes. */
  readonly signal?: AbortSignal | undefined;
}

/** A run with its tapes open. Dispose of it to end its sessions and to close them. */
export interface OpenRun extends AsyncDisposable {
  readonly run: Run;
  readonly trial: Trial;
}

/**
 * Opens the tapes of a scenario and makes a run of them. Throws a TapeError when they are missing, broken or do not hold what the
 * scenario asks for, and the signal's reason on abort.
 */
export async function openRun(request: RunRequest, clock: Clock, log: Log): Promise<OpenRun> {
  const { scenario, directory = '.', signal = new AbortController().signal } = request;
  const warn = (message: string): void => log.warn(message);
  const exchanges = openExchanges(scenario.endpoints);
  /** In the order of their opening; closed in reverse. */
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).toReversed()) await part[Symbol.asyncDispose]();
  };
  const open = <Part extends AsyncDisposable>(part: Part): Part => (opened.push(part), part);
  try {
    const sources =
      request.tapes ?? scenario.tapes.map((tape) => open(openTape(tape, { directory, seed: scenario.seed, warn })));
    const timeline = await arrange(scenario, sources, exchanges, signal, warn);
    signal.throwIfAborted();
    const precise = scenario.replay.pacing === 'precise' && clock instanceof SystemClock;
    const pacing = precise ? open(new PreciseClock()) : clock;
    const run = open(new Run({ scenario, exchanges, timeline, clock, pacing, log }));
    // Ended after the run, whose last words it hears.
    const trial = new Trial({ run, directory, clock });
    opened.splice(-1, 0, { [Symbol.asyncDispose]: async () => trial[Symbol.dispose]() });
    return { run, trial, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
