import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Command } from 'commander';
import { Progress } from '../progress.ts';
import { Complaint, type ExitCode, exitCodes, isStopped, type Shell } from '../shell.ts';
import { addTapeInfo } from './tape-info.ts';
import { addTapeImport } from './tape-import.ts';

interface MarketOptions {
  readonly symbols?: string;
  readonly day?: string;
  readonly from?: string;
  readonly to?: string;
  readonly rate?: string;
  readonly seed: string;
  readonly extendedHours?: boolean;
  readonly force?: boolean;
}

/** Adds `tape generate`, `tape import` and `tape info`. */
export function addTape(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  const tape = program.command('tape').description('make tapes and look into them');
  tape
    .command('generate')
    .description('write a generated market to a tape file')
    .argument('<file>', 'ends in .ndjson, .ndjson.gz or .parquet')
    .option('--symbols <list>', 'comma-separated symbols')
    .option('--day <date>', 'market day to generate, such as 2026-07-01')
    .option('--from <instant>', 'first second instead of --day, such as 2026-07-01T09:30:00-04:00')
    .option('--to <instant>', 'first second no longer on the tape')
    .option('--rate <events>', 'events a second, all symbols together')
    .option('--seed <number>', 'another seed is another market', '1')
    .option('--extended-hours', 'also the hours before the open and after the close')
    .option('-f, --force', 'replace the file when it exists')
    .addHelpText(
      'after',
      `
Examples:
  papertape tape generate day.ndjson.gz --day 2026-07-01
  papertape tape generate week.parquet --symbols EUR/USD,USD/COP,SPX,ESZ6 --from 2026-06-28T17:00:00-04:00 --to 2026-07-03T17:00:00-04:00
  papertape tape generate open.parquet --symbols AAPL,SPY --from 2026-07-01T09:30:00-04:00 --to 2026-07-01T09:35:00-04:00`,
    )
    .action(async (file: string, options: MarketOptions) => ended(await generate(file, options, shell)));
  addTapeImport(tape, shell, ended);
  addTapeInfo(tape, shell, ended);
}

async function generate(file: string, options: MarketOptions, shell: Shell): Promise<ExitCode> {
  const { openTape, parseTape, writeTape } = await import('../../server/index.ts');
  const { symbols, day, from, to, rate, seed, extendedHours } = options;
  const market = {
    ...(symbols === undefined ? {} : { symbols: symbols.split(',').map((symbol) => symbol.trim()) }),
    ...(day === undefined ? {} : { day }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(rate === undefined ? {} : { rate: plain(rate) }),
    ...(extendedHours === undefined ? {} : { extendedHours }),
    seed: plain(seed),
  };
  const entry = parseTape({ synthetic: market }, ([, name]) => optionOf(name));
  const path = isAbsolute(file) ? file : join(shell.folder, file);
  if (options.force !== true && existsSync(path)) {
    throw new Complaint(`${file} exists; name another file, or replace it with --force`);
  }
  await using source = openTape(entry, { directory: shell.folder, seed: 1 });
  using progress = new Progress(shell.err, 'Generating');
  const share = shareOf((await source.outline?.(shell.stop)) ?? []);
  const writing = writeTape(path, source.pages({}, shell.stop), {
    origin: 'generated',
    licence: 'CC0-1.0',
    signal: shell.stop,
    onProgress: (events, at) => {
      const millis = Number(at / 1_000_000n);
      progress.show(`${events.toLocaleString('en-US')} events, up to ${new Date(millis).toISOString()}`, share(at));
    },
  });
  const sidecar = await writing.catch((error: unknown) => {
    if (!isStopped(error, shell)) throw error;
    throw new Complaint(`stopped; ${file} was not written`, exitCodes.ok, { cause: error });
  });
  shell.out.write(`${file} written: ${sidecar.events.toLocaleString('en-US')} events\n`);
  return exitCodes.ok;
}

/** How much of what an outline tells of lies before an instant, 0…1; unknown without an outline. */
function shareOf(
  outline: readonly { readonly from: bigint; readonly to: bigint }[],
): (at: bigint) => number | undefined {
  const [first, ...others] = outline;
  if (first === undefined) return () => undefined;
  const from = others.reduce((least, one) => (one.from < least ? one.from : least), first.from);
  const to = others.reduce((most, one) => (one.to > most ? one.to : most), first.to);
  return (at) => Number(at - from) / Math.max(1, Number(to - from));
}

/** The number that a text spells, else the text itself, so that an error can show it. */
const plain = (text: string): number | string => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text);

/** `extendedHours` → `--extended-hours`. */
function optionOf(name: PropertyKey | undefined): string {
  return name === undefined ? 'options' : `--${String(name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
