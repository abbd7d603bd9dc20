import type { Log, Papertape, Trial } from '../server/index.ts';
import { checkWritable, JournalFile, runFile } from './run-files.ts';
import type { Shell } from './shell.ts';

/**
 * Keeps the journal of an exchange's default run in a file as it is written, and after each reset of the run in the next: `journal.ndjson`,
 * `journal.2.ndjson`. Dispose of it after the exchange, so that it has the last words said.
 */
export class KeptJournal implements AsyncDisposable {
  readonly #name: string;
  readonly #shell: Shell;
  readonly #log: Log;
  #number = 0;
  /** The file that is written now, and everything that has to be done before the next. */
  #turn: Promise<JournalFile | undefined> = Promise.resolve(undefined);
  #trial: Trial | undefined;

  /** Throws a `Complaint` when the file cannot be written. */
  static async at(name: string, option: string, shell: Shell, log: Log): Promise<KeptJournal> {
    await checkWritable(option, runFile(name, 1, shell));
    return new KeptJournal(name, shell, log);
  }

  private constructor(name: string, shell: Shell, log: Log) {
    this.#name = name;
    this.#shell = shell;
    this.#log = log;
  }

  /** Resolves when everything is in the file. Throws a `Complaint` when it is not. */
  async [Symbol.asyncDispose](): Promise<void> {
    const file = await this.#turn;
    await file?.close();
  }

  /** Writes everything that has happened, and from now on all that does. */
  async follow(papertape: Papertape): Promise<void> {
    const { trial } = papertape;
    const before = this.#turn;
    this.#trial = trial;
    this.#turn = this.#next(before, trial);
    trial.closed.addEventListener('abort', () => {
      // Writes down what is still being counted.
      void trial.written;
      // Closed with the exchange: there is no other run now.
      if (papertape.trial === this.#trial) return;
      this.follow(papertape).catch((err: unknown) => this.#log.error({ err }, 'the journal is not kept any more'));
    });
    await this.#turn;
  }

  async #next(before: Promise<JournalFile | undefined>, trial: Trial): Promise<JournalFile> {
    const last = await before;
    await last?.close();
    this.#number++;
    return await JournalFile.open(runFile(this.#name, this.#number, this.#shell), trial);
  }
}
