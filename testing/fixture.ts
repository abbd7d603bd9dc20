import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Papertape, type PapertapeOptions, startPapertape } from '../server/index.ts';
import { endOf, journalMark } from './matching.ts';

export interface FixtureOptions extends PapertapeOptions {
  /** Folder for a report of each test that fails, as a page; no reports when absent. */
  readonly reports?: string;
}

/** What a fixture needs of vitest. */
interface TestContext {
  readonly task: {
    readonly name: string;
    readonly id: string;
    readonly result?:
      { readonly state: string; readonly errors?: readonly { message: string }[] | undefined } | undefined;
  };
}

/**
 * A fixture for vitest: an exchange of its own for each test that asks for one, on a free port, closed with it:
 * `test.extend({ papertape: papertapeFixture({ scenario: 'reset-storm' }) })`. The error of a test that fails ends with the end of the journal.
 */
export function papertapeFixture(options: FixtureOptions = {}) {
  // Vitest reads from the parameter's spelling what the fixture needs.
  return async ({ task }: TestContext, use: (papertape: Papertape) => Promise<void>): Promise<void> => {
    await using papertape = await startPapertape(options);
    await use(papertape);
    const error = task.result?.state === 'fail' ? task.result.errors?.at(-1) : undefined;
    if (error === undefined) return;
    const told = [
      // Matchers have shown what matters; any other error knows nothing of the exchange.
      ...(error.message.includes(journalMark) ? [] : [endOf(papertape.trial)]),
      ...(options.reports === undefined ? [] : [await reportOf(papertape, options.reports, task)]),
    ];
    error.message = [error.message, ...told].join('\n\n');
  };
}

/** Writes what happened as a page. Returns a line that says where. */
async function reportOf({ trial }: Papertape, folder: string, { name, id }: TestContext['task']): Promise<string> {
  const file = join(folder, `${name.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 80)}-${id}.html`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, await trial.report('html', await trial.verdict()));
  return `report: ${file}`;
}
