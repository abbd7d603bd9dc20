import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { packageFile } from '../package-files.ts';
import { Complaint, type ExitCode, exitCodes, type Shell } from '../shell.ts';
import { starter } from '../starter.ts';

const schemaFile = 'scenarios/papertape-v1.schema.json';

/** Adds `init` and `schema`: what somebody needs who begins to write scenarios. */
export function addInit(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  program
    .command('init')
    .description('write a commented starter scenario that plays as it stands')
    .argument('[file]', 'where to write it', 'my.scenario.yaml')
    .option('-f, --force', 'replace the file when it exists')
    .addHelpText('after', '\nExamples:\n  papertape init\n  papertape init tests/market.scenario.yaml')
    .action(async (file: string, options: { readonly force?: boolean }) => {
      const path = resolve(shell.folder, file);
      await write(path, starter(schemaReference(path, shell.folder)), options.force === true);
      shell.out.write(`${file} written. Play it with: papertape serve ${file}\n`);
      ended(exitCodes.ok);
    });
  program
    .command('schema')
    .description('print the JSON Schema of scenario files, for editors and other tools')
    .argument('[file]', 'write it there instead')
    .addHelpText(
      'after',
      '\nExamples:\n  papertape schema > scenario.schema.json\n  papertape schema scenario.schema.json',
    )
    .action(async (file: string | undefined) => {
      const { scenarioJsonSchema } = await import('../../server/index.ts');
      const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
      if (file === undefined) shell.out.write(text);
      else await write(resolve(shell.folder, file), text, true);
      ended(exitCodes.ok);
    });
}

async function write(path: string, text: string, replace: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: replace ? 'w' : 'wx' }).catch((error: unknown) => {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    if (error.code !== 'EEXIST') throw new Complaint(error.message, exitCodes.failed, { cause: error });
    throw new Complaint(`${path} exists; name another file, or replace it with --force`);
  });
}

/**
 * Where the schema lies for an editor that opens the file: relative to it when the project holds this package, so that the line can be
 * committed, else the address of this installation.
 */
function schemaReference(path: string, folder: string): string {
  const linked = resolve(folder, 'node_modules/papertape', schemaFile);
  // Package managers that link packages keep them in folders whose names change with every version.
  const here = existsSync(linked) ? linked : packageFile(schemaFile);
  const inside = relative(folder, here);
  if (inside.startsWith('..') || isAbsolute(inside)) return pathToFileURL(here).href;
  const reference = relative(dirname(path), here).split(sep).join('/');
  return reference.startsWith('.') ? reference : `./${reference}`;
}
