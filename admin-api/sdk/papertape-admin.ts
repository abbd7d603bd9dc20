import type { BarView, DayView, SymbolView } from '../schemas/day.ts';
import type { FaultKind, LiveFaultView, NewFault } from '../schemas/fault.ts';
import type { AskedEntries, EntryView, JournalCount, JournalPage } from '../schemas/journal.ts';
import type { KeyList, KeyMade, KeyView, NewKey } from '../schemas/key.ts';
import type { LiveMessage } from '../schemas/live.ts';
import type { NewRun, OpenedRun, RunView } from '../schemas/run.ts';
import type { Explanation, ScenarioSummary, ScenarioText, Validation } from '../schemas/scenario.ts';
import type { Goodbye, SessionView } from '../schemas/session.ts';
import type { AvailabilityView, NewTape, TapeView, TapeWork, Uploaded, UploadQuery } from '../schemas/tape.ts';
import type { StandingsView, VerdictView } from '../schemas/verdict.ts';
import type { AdminAccess } from './access.ts';
import { entriesIn } from './journal-stream.ts';
import { type Listening, openLive } from './live.ts';
import { pathOf, queryOf } from './paths.ts';
import { Requests, type UploadedFile } from './requests.ts';

/** `broken`: names of the runs whose tape broke. */
export interface Health {
  readonly status: 'ok' | 'broken';
  readonly broken: readonly string[];
}

/**
 * Steers a Papertape over its admin API. Every method is one operation of its OpenAPI document, under the same name; each throws an
 * `AdminError` when it is refused.
 */
export class PapertapeAdmin {
  readonly #access: AdminAccess;
  readonly #requests: Requests;

  constructor(access: AdminAccess) {
    this.#access = { ...access, url: access.url.replace(/\/$/, '') };
    this.#requests = new Requests(this.#access);
  }

  async listRuns(): Promise<RunView[]> {
    return await this.#requests.json('GET', '/runs');
  }

  async createRun(run: NewRun = {}): Promise<OpenedRun> {
    return await this.#requests.json('POST', '/runs', run);
  }

  async getRun(run: string): Promise<RunView> {
    return await this.#requests.json('GET', pathOf('runs', run));
  }

  async stopRun(run: string): Promise<void> {
    await this.#requests.order('DELETE', pathOf('runs', run));
  }

  async play(run = 'default'): Promise<RunView> {
    return await this.#requests.json('POST', pathOf('runs', run, 'play'));
  }

  async pause(run = 'default'): Promise<RunView> {
    return await this.#requests.json('POST', pathOf('runs', run, 'pause'));
  }

  async resume(run = 'default'): Promise<RunView> {
    return await this.#requests.json('POST', pathOf('runs', run, 'resume'));
  }

  async setSpeed(speed: number | 'max', run = 'default'): Promise<RunView> {
    return await this.#requests.json('PUT', pathOf('runs', run, 'speed'), { speed });
  }

  /** To a market instant, or a moment such as `09:30` or `open+5m`. */
  async seek(to: string, run = 'default'): Promise<RunView> {
    return await this.#requests.json('POST', pathOf('runs', run, 'seek'), { to });
  }

  async step(what: 'event' | 'bar' = 'event', run = 'default'): Promise<RunView> {
    return await this.#requests.json('POST', pathOf('runs', run, 'step'), { what });
  }

  async resetRun(run = 'default'): Promise<RunView> {
    return await this.#requests.json('POST', pathOf('runs', run, 'reset'));
  }

  async listFaultKinds(): Promise<FaultKind[]> {
    return await this.#requests.json('GET', '/faults');
  }

  /** What goes wrong now: by the scenario, and by hand. */
  async listFaults(run = 'default'): Promise<LiveFaultView[]> {
    return await this.#requests.json('GET', pathOf('runs', run, 'faults'));
  }

  /** Makes something go wrong at once: `{ inject: { mute: {} }, for: '30s' }`. */
  async injectFault(fault: NewFault, run = 'default'): Promise<LiveFaultView> {
    return await this.#requests.json('POST', pathOf('runs', run, 'faults'), fault);
  }

  async liftFault(fault: string, run = 'default'): Promise<void> {
    await this.#requests.order('DELETE', pathOf('runs', run, 'faults', fault));
  }

  async listKeys(run = 'default'): Promise<KeyList> {
    return await this.#requests.json('GET', pathOf('runs', run, 'keys'));
  }

  /** The answer tells key and secret; nothing tells them again. */
  async addKey(key: NewKey = {}, run = 'default'): Promise<KeyMade> {
    return await this.#requests.json('POST', pathOf('runs', run, 'keys'), key);
  }

  /** `key`: its label, or `{ key }` itself. */
  async revokeKey(key: string | { key: string }, sessions: 'keep' | 'end' = 'end', run = 'default'): Promise<KeyView> {
    const [label, body] = typeof key === 'string' ? [key, undefined] : ['given', key];
    return await this.#requests.json('DELETE', pathOf('runs', run, 'keys', label) + queryOf({ sessions }), body);
  }

  /** Lets it be good for so long yet: `30s`. */
  async expireKey(key: string | { key: string }, after = '0s', run = 'default'): Promise<KeyView> {
    const [label, shown] = typeof key === 'string' ? [key, {}] : ['given', key];
    return await this.#requests.json('POST', pathOf('runs', run, 'keys', label, 'expire'), { after, ...shown });
  }

  async listSessions(run = 'default'): Promise<SessionView[]> {
    return await this.#requests.json('GET', pathOf('runs', run, 'sessions'));
  }

  async getSession(session: number, run = 'default'): Promise<SessionView> {
    return await this.#requests.json('GET', pathOf('runs', run, 'sessions', session));
  }

  async endSession(session: number, how: Goodbye = {}, run = 'default'): Promise<void> {
    await this.#requests.order('DELETE', pathOf('runs', run, 'sessions', session) + queryOf(how));
  }

  /**
   * Tells what happens as it happens: the deck, rates, sessions, faults, the journal. Goes on over resets of the run. Whoever loses the
   * connection opens another.
   */
  live(run: string, handler: (message: LiveMessage) => void, { kinds }: Pick<AskedEntries, 'kinds'> = {}): Listening {
    return openLive(this.#access, queryOf({ run, kinds: kinds?.join(',') }), handler);
  }

  async queryJournal(
    asked: AskedEntries & {
      readonly before?: number;
      readonly limit?: number;
      readonly order?: 'newest' | 'oldest';
    } = {},
    run = 'default',
  ): Promise<JournalPage> {
    return await this.#requests.json('GET', pathOf('runs', run, 'journal') + queryOf(asked));
  }

  async countJournal(asked: AskedEntries = {}, run = 'default'): Promise<JournalCount> {
    return await this.#requests.json('GET', pathOf('runs', run, 'journal', 'count') + queryOf(asked));
  }

  /** Waits until `count` entries are there, 1 when it is not told; refused with status 408 when they do not come within `timeout`, 10s when it is not told. */
  async awaitJournal(
    asked: AskedEntries & { readonly count?: number; readonly timeout?: string } = {},
    run = 'default',
  ): Promise<EntryView[]> {
    return await this.#requests.json('GET', pathOf('runs', run, 'journal', 'wait') + queryOf(asked));
  }

  /** Entries as they are written, until the run ends or the loop is left. */
  async *streamJournal(asked: AskedEntries = {}, run = 'default'): AsyncGenerator<EntryView> {
    yield* entriesIn(await this.#requests.get(pathOf('runs', run, 'journal', 'stream') + queryOf(asked)));
  }

  async getStandings(run = 'default'): Promise<StandingsView> {
    return await this.#requests.json('GET', pathOf('runs', run, 'standings'));
  }

  /** As of now: what is still open is unmet. */
  async getVerdict(run = 'default'): Promise<VerdictView> {
    return await this.#requests.json('GET', pathOf('runs', run, 'verdict'));
  }

  /** The verdict as a file for CI, or a page for people. */
  async getReport(format: 'junit' | 'html', run = 'default'): Promise<string> {
    return await (await this.#requests.get(pathOf('runs', run, 'verdict') + queryOf({ format }))).text();
  }

  /** The day under the needle when no instant is told. */
  async getDay(asked: { readonly at?: string } = {}, run = 'default'): Promise<DayView> {
    return await this.#requests.json('GET', pathOf('runs', run, 'day') + queryOf(asked));
  }

  async listSymbols(run = 'default'): Promise<SymbolView[]> {
    return await this.#requests.json('GET', pathOf('runs', run, 'symbols'));
  }

  /** Minute bars as far as they have been played, oldest first. */
  async listBars(
    asked: { readonly symbol: string; readonly market?: string; readonly since?: string; readonly limit?: number },
    run = 'default',
  ): Promise<BarView[]> {
    return await this.#requests.json('GET', pathOf('runs', run, 'bars') + queryOf(asked));
  }

  async listScenarios(): Promise<ScenarioSummary[]> {
    return await this.#requests.json('GET', '/scenarios');
  }

  async getScenario(name: string): Promise<ScenarioText> {
    return await this.#requests.json('GET', pathOf('scenarios', name));
  }

  /** Uploads YAML under a name, or replaces what was uploaded under it. */
  async putScenario(name: string, text: string): Promise<ScenarioText> {
    return await this.#requests.json('PUT', pathOf('scenarios', name), { text });
  }

  async deleteScenario(name: string): Promise<void> {
    await this.#requests.order('DELETE', pathOf('scenarios', name));
  }

  async validateScenario(text: string): Promise<Validation> {
    return await this.#requests.json('POST', '/scenarios/validate', { text });
  }

  async explainScenario(text: string): Promise<Explanation> {
    return await this.#requests.json('POST', '/scenarios/explain', { text });
  }

  /** The JSON Schema of scenarios, for editors. */
  async scenarioSchema(): Promise<Record<string, unknown>> {
    return await this.#requests.json('GET', '/scenarios/schema');
  }

  async listTapes(): Promise<TapeView[]> {
    return await this.#requests.json('GET', '/tapes');
  }

  async getTape(name: string): Promise<TapeView> {
    return await this.#requests.json('GET', pathOf('tapes', name));
  }

  /** `silence`: longest stretch without events that is no gap, such as `5m`. */
  async tapeAvailability(name: string, silence = '5m'): Promise<AvailabilityView> {
    return await this.#requests.json('GET', pathOf('tapes', name, 'availability') + queryOf({ silence }));
  }

  /** Makes a tape of a file. With `upload`, a name of your own, `getUpload` tells how far it is. */
  async putTape(name: string, file: UploadedFile, how: UploadQuery = {}): Promise<Uploaded> {
    return await this.#requests.upload(pathOf('tapes', name) + queryOf(how), file);
  }

  async generateTape(tape: NewTape): Promise<Uploaded> {
    return await this.#requests.json('POST', '/tapes/generate', tape);
  }

  async getUpload(id: string): Promise<TapeWork> {
    return await this.#requests.json('GET', pathOf('tapes', 'uploads', id));
  }

  async deleteTape(name: string): Promise<void> {
    await this.#requests.order('DELETE', pathOf('tapes', name));
  }

  async health(): Promise<Health> {
    return await this.#requests.json('GET', '/health');
  }

  /** Whether clients can connect; not while the tape of the default run is broken. */
  async ready(): Promise<Health> {
    return await this.#requests.json('GET', '/ready', undefined, 503);
  }

  async version(): Promise<{ version: string; node: string }> {
    return await this.#requests.json('GET', '/version');
  }

  /** For Prometheus, as text. */
  async metrics(): Promise<string> {
    return await (await this.#requests.get('/metrics')).text();
  }

  /** Ends every run but the default one, which is opened anew. */
  async reset(): Promise<void> {
    await this.#requests.order('POST', '/reset');
  }
}
