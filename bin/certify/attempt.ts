import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cancel, Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { millis, minute, seconds } from '../../market/nanos.ts';
import type { Papertape, Score, Verdict } from '../../server/index.ts';
import { again } from '../again.ts';
import { ClientCommand, type CommandEnding } from '../client-command.ts';
import { openExchange } from '../exchange.ts';
import { openLog } from '../log.ts';
import { packageVersion } from '../package-files.ts';
import type { Settings } from '../settings.ts';
import { changed, type Shell } from '../shell.ts';
import { lackOf, loadFor, type Vendor } from './suite.ts';

/** How long a client may take to subscribe. Wall time. */
const patience = seconds(30);
/** A tape of the suite that plays longer than this has come to grief. */
const longest = 10n * minute;
/** For what a client has written, and is not yet where we read it, when the tape ends. */
const lastWrites = millis(300);
/** Lines of a client's output that are kept. */
const keptLines = 20;

export interface AttemptOptions {
  readonly vendor: Vendor;
  readonly name: string;
  readonly command: readonly string[];
  readonly settings: Settings;
  readonly clock: Clock;
  /** Takes the whole report of the run, for people. */
  readonly report?: ((name: string, html: string) => Promise<void>) | undefined;
}

/** Plays one scenario of the suite to a client of its own, on a port of its own, and says how it did. */
export async function attempt(options: AttemptOptions, given: Shell): Promise<Score> {
  // A wish of its own for each, or many at a time would be too many listeners for one.
  const shell = changed(given, { stop: AbortSignal.any([given.stop]) });
  const { vendor, name, clock } = options;
  const folder = await mkdtemp(join(tmpdir(), 'papertape-certify-'));
  try {
    const rows = join(folder, 'rows.ndjson');
    const loaded = await loadFor(vendor, name, rows, shell.environment);
    const about = { scenario: name, description: loaded.scenario.description ?? '' };
    const lack = lackOf(vendor, name);
    if (lack !== undefined) return { ...about, outcome: 'skipped', seen: lack, took: 0n, findings: [], output: [] };
    const log = await openLog('silent', shell.err);
    const began = clock.now();
    await using papertape = await openExchange(loaded, { ...options.settings, port: 0 }, log, shell);
    const { verdict, ending, output } = await play(papertape, rows, options, shell);
    if (options.report !== undefined) {
      const { overrides } = await import('../../server/index.ts');
      const words = ['papertape', 'certify', '--vendor', vendor, '--only', name, '--', ...options.command];
      const facts = { again: again(words, shell.environment, overrides), version: packageVersion() };
      await options.report(name, await papertape.trial.report('html', verdict, facts));
    }
    const outcome = verdict.passed ? 'passed' : 'failed';
    const seen = [said(verdict), ...(ending === undefined ? [] : [ending])].join('; ');
    return { ...about, outcome, seen, took: clock.now() - began, findings: verdict.findings, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What was seen of a client. */
interface Seen {
  readonly verdict: Verdict;
  /** How it ended by itself, in words. */
  readonly ending: string | undefined;
  readonly output: readonly string[];
}

async function play(papertape: Papertape, rows: string, options: AttemptOptions, shell: Shell): Promise<Seen> {
  const { vendor, command: words, clock } = options;
  const output: string[] = [];
  const keep = {
    write: (text: string) => {
      output.push(text.trimEnd().replace(/^client \| /, ''));
      if (output.length > keptLines) output.shift();
    },
  };
  const { clientVariables } = await import('../../server/index.ts');
  const { url, httpUrl, key, secret } = papertape;
  const environment = { ...clientVariables({ url, httpUrl, key, secret }, [vendor]), PAPERTAPE_ROWS: rows };
  const watch = new TapeWatch(papertape, clock);
  const heard = changed(shell, { out: keep, err: keep });
  await using command = await ClientCommand.start({ words, environment, prefix: true, clock }, heard);
  let ending: string | undefined;
  const gone = command.ending.then((how) =>
    how.stopped ? undefined : `the client ended ${told(how)}, ${watch.since}`,
  );
  void gone.then((text) => (ending = text));
  await watch.over(gone, shell.stop);
  shell.stop.throwIfAborted();
  return { verdict: await papertape.trial.verdict(), ending, output };
}

const told = ({ code, signal }: CommandEnding): string =>
  code === undefined ? `by ${signal ?? 'a signal'}` : `by itself with exit code ${code}`;

/** Knows when the tape began, and waits until it is over, or can no longer begin. */
class TapeWatch {
  readonly #papertape: Papertape;
  readonly #clock: Clock;
  #began: Nanos | undefined;

  constructor(papertape: Papertape, clock: Clock) {
    this.#papertape = papertape;
    this.#clock = clock;
  }

  /** How long ago the tape began, in words. */
  get since(): string {
    if (this.#began === undefined) return 'before it subscribed to anything';
    return `${(Number((this.#clock.now() - this.#began) / 100_000_000n) / 10).toFixed(1)}s after it had subscribed`;
  }

  async over(gone: Promise<unknown>, stop: AbortSignal): Promise<void> {
    const clock = this.#clock;
    const { run, trial } = this.#papertape;
    const cancels: Cancel[] = [];
    await new Promise<void>((resolve) => {
      const giveUp = (): void => {
        if (run.status.phase === 'waiting') resolve();
      };
      cancels.push(
        trial.listen((entry) => {
          if (entry.kind !== 'deck') return;
          if (entry.phase === 'playing') this.#began ??= entry.at;
          if (entry.phase === 'ended') cancels.push(clock.wake(clock.now() + lastWrites, resolve));
          if (entry.phase === 'broken') resolve();
        }),
        clock.wake(clock.now() + patience, giveUp),
        clock.wake(clock.now() + longest, resolve),
      );
      void gone.then(giveUp);
      stop.addEventListener('abort', () => resolve(), { once: true });
    });
    for (const cancel of cancels) cancel();
  }
}

/** The first thing that is wrong, or else the first that was found. */
function said({ findings }: Verdict): string {
  const wrong = findings.find(({ outcome, severity }) => outcome === 'unmet' && severity === 'error');
  if (wrong !== undefined) return `${wrong.id}: ${wrong.seen}`;
  const [first] = findings;
  return first === undefined ? 'nothing was expected' : first.seen;
}
