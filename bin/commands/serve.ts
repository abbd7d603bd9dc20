import { once } from 'node:events';
import type { Command } from 'commander';
import { SystemClock } from '../../market/clock.ts';
import { openAdmin } from '../admin.ts';
import { openExchange } from '../exchange.ts';
import { KeptJournal } from '../kept-journal.ts';
import { openLog } from '../log.ts';
import { packageFile } from '../package-files.ts';
import { readScenario } from '../scenario-file.ts';
import { greeting, reachableUrl } from '../serving.ts';
import { misspelt, readSettings } from '../settings.ts';
import { type ExitCode, exitCodes, type Shell } from '../shell.ts';

interface Options {
  readonly port?: string;
  readonly adminPort?: string;
  readonly host?: string;
  readonly logLevel?: string;
  readonly frames?: boolean;
  readonly journal?: string;
  readonly tls?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** Adds `serve`: plays a scenario until it is told to stop. */
export function addServe(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  program
    .command('serve')
    .description('play a scenario to every client that connects, until SIGINT or SIGTERM')
    .argument('[file]', 'scenario file, or the name of a ready one; else PAPERTAPE_SCENARIO, else default')
    .option('-p, --port <port>', 'exchange port, 0 for a free one (PAPERTAPE_PORT, 8765)')
    .option(
      '--admin-port <port>',
      'of the admin API and its page: 0 for a free one, or off (PAPERTAPE_ADMIN_PORT, 8766)',
    )
    .option('--host <host>', 'address to listen on (PAPERTAPE_HOST, 127.0.0.1)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (PAPERTAPE_LOG_LEVEL, info)')
    .option(
      '--tls',
      'speak https and wss on both ports, with the certificate that `papertape cert` makes (PAPERTAPE_TLS=1)',
    )
    .option('--tls-cert <file>', 'a certificate of your own, PEM, with its chain (PAPERTAPE_TLS_CERT)')
    .option('--tls-key <file>', 'its private key, PEM (PAPERTAPE_TLS_KEY)')
    .option('--journal <file>', 'write everything sent and received, as it happens, as NDJSON (PAPERTAPE_JOURNAL)')
    .option('--frames', 'log every frame sent and received, keys blacked out; the same as --log-level trace')
    .addHelpText(
      'after',
      `
Examples:
  papertape serve
  papertape serve market-open
  papertape serve my.scenario.yaml --port 9000
  papertape serve my.scenario.yaml --frames
  papertape serve --admin-port off
  papertape cert && papertape serve --tls
  PAPERTAPE_SPEED=10 PAPERTAPE_SYMBOLS=AAPL,SPY papertape serve`,
    )
    .action(async (file: string | undefined, options: Options) => ended(await serve(file, options, shell)));
}

async function serve(given: string | undefined, options: Options, shell: Shell): Promise<ExitCode> {
  const { environment } = shell;
  const logLevel = options.frames === true ? 'trace' : options.logLevel;
  const settings = readSettings(environment, { ...options, logLevel });
  const word = given ?? settings.scenario ?? packageFile('scenarios/default.scenario.yaml');
  const { checkScenario, closest, keepClean, overrides, printProblem } = await import('../../server/index.ts');
  const log = await openLog(settings.logLevel, shell.err);
  for (const { name, meant } of misspelt(environment, overrides, closest)) {
    log.warn({ variable: name }, `${name} is not a setting; did you mean ${meant}?`);
  }
  const loaded = await readScenario(word, shell);
  await checkScenario(loaded, settings.adminPort === undefined ? 'cannot come' : 'can come');
  const { scenario, advice, retention } = loaded;
  for (const problem of advice) log.warn(printProblem(problem));
  const { host } = settings;
  const { journal } = settings;
  const journalBy = options.journal === undefined ? 'PAPERTAPE_JOURNAL' : '--journal';
  await using kept = journal === undefined ? undefined : await KeptJournal.at(journal, journalBy, shell, log);
  await using papertape = await openExchange(loaded, settings, log, shell);
  await kept?.follow(papertape);
  await using admin = await openAdmin(papertape, settings, log, shell);
  await using _cleaning = retention && keepClean(retention, new SystemClock(), log);
  const [first] = scenario.keys ?? [];
  const symbols = scenario.replay.symbols ?? symbolsOf(scenario.tapes);
  // Terminals are shared and logged; whoever wrote the scenario knows its secrets, and a key without one is a secret itself.
  const key = first === undefined ? 'any-key' : first.secret === undefined ? '$KEY' : first.key;
  const secret = first?.secret === undefined ? 'any-secret' : '$SECRET';
  const url = reachableUrl(host, papertape.port, settings.tls === undefined ? 'ws' : 'wss');
  const written = loaded.place([]);
  const file = 'file' in written ? written.file : word;
  shell.out.write(
    greeting(scenario.name, file, {
      url,
      streams: papertape.streams,
      symbols,
      key,
      secret,
      admin: admin?.url,
    }),
  );
  const ports = { port: papertape.port, ...(admin === undefined ? {} : { adminPort: admin.port }) };
  log.info({ scenario: scenario.name, seed: scenario.seed, host, ...ports }, 'ready for clients');
  if (!shell.stop.aborted) await once(shell.stop, 'abort');
  log.info('stopping');
  return exitCodes.ok;
}

/** Symbols a snippet may subscribe to; empty when only the tape itself knows. */
function symbolsOf(tapes: readonly { readonly synthetic?: Generated | undefined }[]): string[] {
  return tapes.flatMap(({ synthetic }) =>
    (synthetic?.symbols ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.symbol)),
  );
}
interface Generated {
  readonly symbols: readonly (string | { readonly symbol: string })[];
}
