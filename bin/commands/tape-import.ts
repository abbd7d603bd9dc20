import type { Command } from 'commander';
import type { ImportProgress, ImportResult, Reject } from '../../server/index.ts';
import { Progress } from '../progress.ts';
import { Complaint, type ExitCode, exitCodes, isStopped, printable, type Shell } from '../shell.ts';

/** Rejected rows shown while they come; all are in the report. */
const shownRejects = 5;
const shownReasons = 10;

interface ImportFlags {
  readonly out: string;
  readonly format?: string;
  readonly market?: string;
  readonly symbol?: string;
  readonly map?: string;
  readonly timeZone?: string;
  readonly timeFormat?: string;
  readonly barLabel?: string;
  readonly timeframe?: string;
  readonly licence: string;
  readonly origin?: string;
  readonly dataSource: string;
  readonly rejects?: string;
  readonly maxRejects?: string;
  readonly force?: boolean;
}

/** Adds `tape import` to `tape`. */
export function addTapeImport(tape: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  tape
    .command('import')
    .description('make one tape, in time order, of files as vendors give them')
    .argument('<files...>', 'files in any order of time, packed with gzip or not; - reads the standard input')
    .requiredOption('-o, --out <tape>', 'ends in .parquet, .ndjson or .ndjson.gz, or is a postgres:// URL')
    .option('--format <name>', 'instead of telling it from the file')
    .option('--market <name>', 'market of symbols that do not show it, such as futures')
    .option('--symbol <symbol>', 'symbol of the rows, when the file has none')
    .option('--map <columns>', 'bars in CSV: which column holds what, such as time=Date,open=Open')
    .option('--time-zone <zone>', 'zone of times that are written without one, such as America/New_York')
    .option('--time-format <pattern>', "how times are written, such as '%m/%d/%Y %H:%M', or epoch-ms")
    .option('--bar-label <end>', 'which end of a bar its time tells: start or end')
    .option('--timeframe <length>', 'length of the bars, such as 1m')
    .option('--licence <name>', 'under which terms the tape may be passed on', 'unknown')
    .option('--origin <text>', 'where the events come from; the files when left out')
    .option('--data-source <name>', 'data_source of rows in a database', 'imported')
    .option('--rejects <file>', 'report of rejected rows; OUT.rejects.ndjson when left out')
    .option('--max-rejects <limit>', 'fail when more rows are rejected: 100, or 0.5%')
    .option('-f, --force', 'replace the tape when it exists')
    .addHelpText(
      'after',
      `
Formats, told from the file:
  polygon      flat files: trades, quotes, minute and day bars of every asset class
  databento    CSV of trades, mbp-1, tbbo, bbo and ohlcv
  alpaca       history as its REST API answers, pages one after another
  alpaca-csv   history as alpaca-py writes it
  twelvedata   history as /time_series answers, one symbol or several
  ohlcv        any other table of bars, with --map where its columns are called otherwise
  ndjson, parquet   Papertape's own, in any order

Examples:
  papertape tape import us_stocks_sip/trades_v1/2026/07/*.csv.gz --out july.parquet
  papertape tape import bars.csv --out bars.parquet --symbol AAPL --timeframe 1m --time-zone America/New_York
  papertape tape import es.csv --out es.ndjson.gz --map time=Date,open=O,high=H,low=L,close=C --timeframe 5m --bar-label end
  curl -s … | papertape tape import - --out aapl.parquet
  papertape tape import 2026-07-01.csv.gz --out postgres://localhost/market

An import that was stopped goes on where it was when it is started again in the same words. It ends with 2 when
a file cannot be read at all, when no file holds a row, or when --max-rejects is passed; rejected rows alone do
not make it fail.`,
    )
    .action(async (files: string[], flags: ImportFlags) => ended(await run(files, flags, shell)));
}

async function run(files: readonly string[], flags: ImportFlags, shell: Shell): Promise<ExitCode> {
  const { importFiles } = await import('../../server/index.ts');
  const { out, format, market, symbol, timeZone, timeFormat, barLabel, timeframe } = flags;
  const progress = new Progress(shell.err, 'Importing');
  let shown = 0;
  try {
    const result = await importFiles({
      files,
      out,
      folder: shell.folder,
      stdin: process.stdin,
      reading: { format, market, symbol, map: mapOf(flags.map), timeZone, timeFormat, barLabel, timeframe },
      licence: flags.licence,
      origin: flags.origin,
      dataSource: flags.dataSource,
      force: flags.force === true,
      rejects: flags.rejects,
      maxRejects: flags.maxRejects,
      signal: shell.stop,
      onProgress: (where) => progress.show(detailOf(where), where.share),
      onReject: (reject) => {
        if (++shown > shownRejects) return;
        progress[Symbol.dispose]();
        shell.err.write(printable(rejectLine(reject)));
      },
    });
    progress[Symbol.dispose]();
    shell.err.write(printable(rejectTotals(result)));
    shell.out.write(outcome(result));
    return exitCodes.ok;
  } catch (error) {
    progress[Symbol.dispose]();
    if (!isStopped(error, shell)) throw error;
    throw new Complaint(
      `stopped; ${out} was not written. The same command goes on with the files not yet read`,
      exitCodes.ok,
      {
        cause: error,
      },
    );
  }
}

/** `time=Date,open=Open` as an object; which fields there are the schema knows. */
function mapOf(text: string | undefined): Readonly<Record<string, string>> | undefined {
  if (text === undefined) return undefined;
  const pairs = text.split(',').map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new Complaint(`--map ${pair}: expected FIELD=COLUMN, such as time=Date,open=Open`);
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
  return Object.fromEntries(pairs);
}

function detailOf({ phase, input, events, rejected }: ImportProgress): string {
  const what = `${count(events)} events${rejected === 0 ? '' : `, ${count(rejected)} rejected`}`;
  return phase === 'writing' ? `writing ${what}` : `${what}, ${input}`;
}

function rejectLine({ file, line, place, reason, value }: Reject): string {
  return `${file}:${line}: ${place === undefined ? '' : `${place}: `}${reason}${value === '' ? '' : `: ${value}`}\n`;
}

function rejectTotals({ rejected, reasons, rejects }: ImportResult): string {
  if (rejected === 0) return '';
  const lines = reasons.slice(0, shownReasons).map(([reason, rows]) => `  ${count(rows)}  ${reason}\n`);
  const more = reasons.length > shownReasons ? `  and ${reasons.length - shownReasons} other reasons\n` : '';
  return `${rejected === 1 ? '1 row was' : `${count(rejected)} rows were`} rejected; all are listed in ${rejects}\n${lines.join('')}${more}`;
}

function outcome({ out, events, inputs, resumed, alreadyThere }: ImportResult): string {
  const empty = inputs
    .filter((input) => input.events === 0 && input.rejected === 0)
    .map(({ name }) => `${name}: holds no row\n`);
  const before = resumed === 0 ? '' : `, ${resumed} of ${inputs.length} files read by an earlier start`;
  const there = alreadyThere === 0 ? '' : `, ${count(alreadyThere)} of them were there already`;
  return `${empty.join('')}${out} written: ${count(events)} events${before}${there}\n`;
}

const count = (number: number): string => number.toLocaleString('en-US');
