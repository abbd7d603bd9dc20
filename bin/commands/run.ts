import { type Command, Option } from 'commander';
import { type Clock, SystemClock } from '../../market/clock.ts';
import { parseDuration } from '../../market/duration.ts';
import type { Nanos } from '../../market/event.ts';
import { minute } from '../../market/nanos.ts';
import type { LoadedScenario, Log, ReportFormat } from '../../server/index.ts';
import { again } from '../again.ts';
import { ClientCommand } from '../client-command.ts';
import { openExchange } from '../exchange.ts';
import { openLog } from '../log.ts';
import { packageVersion } from '../package-files.ts';
import { endOf, settled } from '../run-end.ts';
import { checkWritable, JournalFile, runFile, writeRunFile } from '../run-files.ts';
import { readScenario } from '../scenario-file.ts';
import { misspelt, readSettings, type Settings } from '../settings.ts';
import { changed, Complaint, type ExitCode, exitCodes, printable, type Shell, whole } from '../shell.ts';
import { verdictTable } from '../verdict-table.ts';
import { wholeNumber } from '../whole-number.ts';

interface Options {
  readonly for?: string;
  readonly repeat?: string;
  readonly seed?: string;
  readonly junit?: string;
  readonly json?: string;
  readonly html?: string;
  readonly journal?: string;
  readonly prefix?: boolean;
  readonly port?: string;
  readonly host?: string;
  readonly logLevel?: string;
  readonly tls?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** How long a run lasts at most when neither a client's command nor an option ends it. */
const usualLimit = 10n * minute;

/** Adds `run`: plays a scenario to a client and says whether it coped. */
export function addRun(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  program
    .command('run')
    .description('play a scenario to a client, and say whether it did what the scenario expects')
    .argument('<file>', 'scenario file, the name of a ready one, or - for the standard input')
    .argument('[command...]', "after --: the client's command, started with the addresses and keys in its environment")
    .option('--for <duration>', 'end when everything is decided, at the latest after so long (10m without a command)')
    .option('--repeat <times>', 'run so often, with the same seed, and say how often it passed')
    .option('--seed <number>', "instead of the scenario's seed (PAPERTAPE_SEED)")
    .option('--junit <file>', 'write the verdict as JUnit XML')
    .option('--json <file>', 'write it as JSON')
    .option('--html <file>', 'write it as a page with the timeline drawn')
    .option('--journal <file>', 'write everything sent and received, as it happens, as NDJSON')
    .option('--prefix', 'begin each line that the client writes with "client | "')
    .option('-p, --port <port>', 'exchange port (PAPERTAPE_PORT, a free one)')
    .option('--host <host>', 'address to listen on (PAPERTAPE_HOST, 127.0.0.1)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (PAPERTAPE_LOG_LEVEL, warn)')
    .addOption(new Option('--tls', 'speak https and wss, as serve does (PAPERTAPE_TLS=1)'))
    .option('--tls-cert <file>', 'a certificate of your own, PEM, with its chain (PAPERTAPE_TLS_CERT)')
    .option('--tls-key <file>', 'its private key, PEM (PAPERTAPE_TLS_KEY)')
    .addHelpText(
      'after',
      `
The client finds the exchange by PAPERTAPE_URL (ws://…), PAPERTAPE_HTTP_URL, PAPERTAPE_KEY and PAPERTAPE_SECRET, and by what the vendors'
SDKs read: APCA_API_KEY_ID, APCA_API_STREAM_URL, POLYGON_API_KEY, TWELVEDATA_API_KEY … (docs/run.md has them all).

Ends when the command does. With --for, or without a command: when the tape is over and every expectation is decided, at the latest after
that time; a command that still runs is sent SIGTERM then, and SIGKILL five seconds later. SIGINT ends it too, with the reports written.

Exit codes: 0 every expectation is met (warnings do not count), 1 one is not or the client failed, 2 bad input, 3 cannot listen.

Examples:
  papertape run reset-storm --for 2m -- node bot.js
  papertape run my.scenario.yaml --for 2m --junit report.xml --html report.html -- python bot.py
  papertape run ci --repeat 20 --seed 7 -- npm test               # a command that ends by itself
  papertape run my.scenario.yaml --for 5m                        # with a client that you start yourself`,
    )
    .action(async (file: string, command: string[], options: Options) => {
      // CI must not take what was stopped for a pass.
      ended(await whole(run(file, command, options, shell), shell, unplayed));
    });
}

const unplayed = 'stopped before it was played';
const formats = ['junit', 'json', 'html'] as const satisfies readonly ReportFormat[];

/** What stays the same over the runs of one call. */
interface Plan {
  readonly loaded: LoadedScenario;
  readonly command: readonly string[];
  readonly options: Options;
  readonly settings: Settings;
  readonly limit: Nanos | undefined;
  /** How to run it again just so. */
  readonly rerun: string;
  readonly clock: Clock;
  readonly log: Log;
}

async function run(word: string, command: readonly string[], options: Options, given: Shell): Promise<ExitCode> {
  const { PAPERTAPE_PORT: port = '', PAPERTAPE_LOG_LEVEL: level = '' } = given.environment;
  const settings = readSettings(given.environment, {
    ...options,
    port: options.port ?? (port === '' ? '0' : undefined),
    logLevel: options.logLevel ?? (level === '' ? 'warn' : undefined),
  });
  const times = wholeNumber('--repeat', options.repeat ?? '1', 1);
  const limit = limitOf(options.for, command);
  const seed = options.seed === undefined ? {} : { PAPERTAPE_SEED: String(wholeNumber('--seed', options.seed)) };
  const shell = changed(given, { environment: { ...given.environment, ...seed } });
  const { checkScenario, closest, overrides, printProblem } = await import('../../server/index.ts');
  const log = await openLog(settings.logLevel, shell.err);
  for (const { name, meant } of misspelt(shell.environment, overrides, closest)) {
    log.warn({ variable: name }, `${name} is not a setting; did you mean ${meant}?`);
  }
  const loaded = await readScenario(word, shell);
  await checkScenario(loaded, 'cannot come');
  for (const problem of loaded.advice) log.warn(printProblem(problem));
  const words = ['papertape', 'run', word, ...givenAgain(options, loaded.scenario.seed)];
  if (command.length > 0) words.push('--', ...command);
  const rerun = again(words, shell.environment, overrides, ['PAPERTAPE_SEED']);
  const plan: Plan = { loaded, command, options, settings, limit, rerun, clock: new SystemClock(), log };
  let [runs, passed] = [0, 0];
  while (runs < times && !shell.stop.aborted) {
    runs++;
    if (times > 1) shell.out.write(`Run ${runs} of ${times}\n`);
    // A wish of its own for each, or many runs would be too many listeners for one.
    if (await attempt(plan, runs, changed(shell, { stop: AbortSignal.any([shell.stop]) }))) passed++;
  }
  if (runs === 0) throw new Complaint(unplayed, exitCodes.failed);
  const left = runs === times ? '' : `, ${times - runs} not played`;
  if (times > 1) shell.out.write(`${passed} of ${runs} runs passed${left}\n`);
  shell.out.write(`seed ${loaded.scenario.seed}; re-run: ${printable(rerun)}\n`);
  // What was stopped before it was played is no pass either.
  return passed === times ? exitCodes.ok : exitCodes.failed;
}

/** One run, from the first connection to the verdict. Returns whether the client coped and did not fail. */
async function attempt(plan: Plan, number: number, shell: Shell): Promise<boolean> {
  const { loaded, command, options, settings, limit, rerun, clock, log } = plan;
  const { scenario } = loaded;
  for (const kind of [...formats, 'journal'] as const) {
    const name = options[kind];
    if (name !== undefined) await checkWritable(`--${kind}`, runFile(name, number, shell));
  }
  await using papertape = await openExchange(loaded, settings, log, shell);
  const { run: play, trial } = papertape;
  const journal = options.journal === undefined ? undefined : runFile(options.journal, number, shell);
  await using file = journal === undefined ? undefined : await JournalFile.open(journal, trial);
  const wait = command.length > 0 || limit === undefined ? '' : ', and waits for clients';
  shell.err.write(`Papertape plays "${scenario.name}" at ${papertape.url}${wait}\n`);
  const words = { words: command, environment: papertape.env, prefix: options.prefix === true, clock };
  await using client = command.length === 0 ? undefined : await ClientCommand.start(words, shell);
  await endOf({ trial, client, limit, clock, stop: shell.stop });
  // What plays on would be owed to a client that is gone.
  if (play.status.phase === 'playing') play.pause();
  const ending = await client?.stop();
  if (ending !== undefined) await settled(play, clock);
  const verdict = await trial.verdict();
  // Told before anything is written: a report that has no place to go must not cost the verdict.
  shell.out.write(printable(verdictTable(verdict)));
  const isBroken = play.status.phase === 'broken';
  if (isBroken) shell.out.write('the tape broke off; the log says why\n');
  const isUnplayed = shell.stop.aborted && play.status.phase === 'waiting';
  if (isUnplayed) shell.out.write('stopped before the tape began to play: no report but the journal is written\n');
  const hasFailed = ending !== undefined && !ending.stopped && ending.code !== 0;
  if (hasFailed) shell.out.write(`the client ended with ${ending.code ?? ending.signal}\n`);
  await file?.close();
  // A page that says "passed" of what nobody has played would be believed.
  if (isUnplayed) return false;
  const version = packageVersion();
  for (const format of formats) {
    const name = options[format];
    if (name === undefined) continue;
    await writeRunFile(runFile(name, number, shell), await trial.report(format, verdict, { again: rerun, version }));
  }
  return verdict.passed && !hasFailed && !isBroken;
}

/** The options that make a run what it is, its reports left out: running it again must not write over them. */
function givenAgain(options: Options, seed: number): readonly string[] {
  const { for: span, prefix, port, host, tls, tlsCert, tlsKey } = options;
  const given = { for: span, seed: `${seed}`, port, host, 'tls-cert': tlsCert, 'tls-key': tlsKey };
  const words = Object.entries(given).flatMap(([name, text]) => (text === undefined ? [] : [`--${name}`, text]));
  return [...words, ...(tls === true ? ['--tls'] : []), ...(prefix === true ? ['--prefix'] : [])];
}

function limitOf(text: string | undefined, command: readonly string[]): Nanos | undefined {
  if (text === undefined) return command.length === 0 ? usualLimit : undefined;
  const limit = parseDuration(text);
  if (limit !== undefined && limit > 0n) return limit;
  throw new Complaint(`--for: ${text} – expected a duration with its unit, such as 90s or 2m`);
}
