import { resolve } from 'node:path';
import type { Command } from 'commander';
import { SystemClock } from '../../market/clock.ts';
import type { Score, ScoreCard } from '../../server/index.ts';
import { attempt } from '../certify/attempt.ts';
import { listing, scoreLine, summary } from '../certify/score-lines.ts';
import { chosen, suite, type Vendor, vendorOf, vendors } from '../certify/suite.ts';
import { packageVersion } from '../package-files.ts';
import { checkWritable, writeRunFile } from '../run-files.ts';
import { readSettings } from '../settings.ts';
import { Complaint, type ExitCode, exitCodes, type Shell, whole } from '../shell.ts';
import { shellWords } from '../verdict-table.ts';
import { wholeNumber } from '../whole-number.ts';

/** Scenarios that may play at the same time. */
const mostJobs = 64;

interface Options {
  readonly vendor?: string;
  readonly only?: string;
  readonly jobs: string;
  readonly list?: boolean;
  readonly junit?: string;
  readonly json?: string;
  readonly html?: string;
  readonly reports?: string;
}

/** Adds `certify`: a suite of scenarios in which feeds fail, and a score card of how a client copes. */
export function addCertify(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  program
    .command('certify')
    .description('break a feed in every usual way, each time for a fresh run of your client, and score how it copes')
    .argument('[command...]', 'your client, after --; it finds its exchange in its environment')
    .option('--vendor <vendor>', `whose protocol your client speaks: ${vendors.join(', ')}`)
    .option('--only <names>', 'only these scenarios, with commas between them')
    .option('--jobs <count>', 'scenarios that play at the same time', '6')
    .option('--list', 'list the scenarios, and what each is about')
    .option('--junit <file>', 'write the score card for CI')
    .option('--json <file>', 'write it for programs')
    .option('--html <file>', 'write it for people')
    .option('--reports <folder>', 'write there the report of each scenario, with its timeline')
    .addHelpText('after', help)
    .action(async (words: string[], options: Options) => ended(await certify(words, options, shell)));
}

const help = `
Your client subscribes to the trades of AAPL and MSFT (the prices, at Twelve Data) and runs until it is told to stop by SIGTERM. It finds
the exchange in PAPERTAPE_URL (ws://…) and PAPERTAPE_HTTP_URL, its key in PAPERTAPE_KEY and PAPERTAPE_SECRET, or all of it in the
variables that its vendor's SDK reads. What it keeps it appends to the file PAPERTAPE_ROWS names: {"symbol":"AAPL","at":"…","price":1.5},
one a line; only duplicates-and-reorder reads that.

Examples:
  papertape certify --list
  papertape certify --vendor alpaca -- node bot.js
  papertape certify --vendor polygon --only mute-feed,tcp-reset --jobs 1 -- python bot.py
  papertape certify --vendor twelvedata --junit score.xml --html score.html -- ./bot

Ends with 0 when every scenario is passed, with 1 when one is not, and with 2 on bad input.`;

async function certify(words: readonly string[], options: Options, shell: Shell): Promise<ExitCode> {
  const { closest } = await import('../../server/index.ts');
  const names = chosen(options.only, closest);
  const vendor = vendorOf(options.vendor, closest);
  const jobs = wholeNumber('--jobs', options.jobs, 1, mostJobs);
  if (options.list === true) {
    shell.out.write(await listing(names));
    return exitCodes.ok;
  }
  if (vendor === undefined) {
    throw new Complaint(`--vendor is missing: say whose protocol your client speaks, ${vendors.join(', ')}`);
  }
  if (words.length === 0) throw new Complaint(missing(vendor));
  const clock = new SystemClock();
  const settings = readSettings(shell.environment, { port: '0' });
  const { reports } = options;
  const reportOf = (folder: string, name: string): string => resolve(shell.folder, folder, `${name}.html`);
  const report =
    reports === undefined
      ? undefined
      : async (name: string, html: string) => await writeRunFile(reportOf(reports, name), html);
  for (const kind of ['junit', 'json', 'html'] as const) {
    const file = options[kind];
    if (file !== undefined) await checkWritable(`--${kind}`, resolve(shell.folder, file));
  }
  if (reports !== undefined) for (const name of names) await checkWritable('--reports', reportOf(reports, name));
  const started = clock.now();
  const width = Math.max(...suite().map(({ length }) => length));
  const together = names.length === 1 ? '' : `, ${Math.min(jobs, names.length)} at a time`;
  shell.out.write(`${names.length} ${names.length === 1 ? 'scenario' : 'scenarios'} for ${vendor}${together}\n`);
  const playing = inTurns(names, jobs, async (name) => {
    const score = await attempt({ vendor, name, command: words, settings, clock, report }, shell);
    shell.out.write(scoreLine(score, width));
    return score;
  });
  // Who stops it has no score, and CI must not take that for a pass.
  const scores = await whole(playing, shell, 'stopped before every scenario was played');
  const card = { vendor, command: shellWords(words), version: packageVersion(), started, ended: clock.now(), scores };
  await write(card, options, shell);
  shell.out.write(summary(card));
  return scores.some(({ outcome }) => outcome === 'failed') ? exitCodes.failed : exitCodes.ok;
}

/** So many at a time; the results in the order of the names. */
async function inTurns(
  names: readonly string[],
  jobs: number,
  work: (name: string) => Promise<Score>,
): Promise<readonly Score[]> {
  const scores = new Map<string, Score>();
  const waiting = [...names];
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) scores.set(name, await work(name));
  };
  // The first that fails stops the others at their next turn; each is ended before the error is told.
  const done = await Promise.allSettled(
    Array.from({ length: jobs }, () =>
      worker().catch((error: unknown) => {
        waiting.splice(0);
        throw error;
      }),
    ),
  );
  for (const one of done) if (one.status === 'rejected') throw one.reason;
  return names.flatMap((name) => scores.get(name) ?? []);
}

async function write(card: ScoreCard, { junit, json, html }: Options, { folder }: Shell): Promise<void> {
  const { htmlScoreCard, jsonScoreCard, junitScoreCard } = await import('../../server/index.ts');
  if (junit !== undefined) await writeRunFile(resolve(folder, junit), junitScoreCard(card));
  if (json !== undefined) await writeRunFile(resolve(folder, json), jsonScoreCard(card));
  if (html !== undefined) await writeRunFile(resolve(folder, html), htmlScoreCard(card));
}

const missing = (vendor: Vendor): string =>
  `no client to certify: give its command after --, such as papertape certify --vendor ${vendor} -- node bot.js
It subscribes to AAPL and MSFT at PAPERTAPE_URL and runs until it is stopped; papertape certify --help says more, --list names the scenarios.`;
