import type { NewRun, RunView } from '../schemas/run.ts';
import { pathIn } from './calls.ts';
import { JournalCalls } from './journal-calls.ts';

export { AdminError, type CallerOptions } from './caller.ts';
export type { BarView, DayView, SymbolView } from '../schemas/day.ts';
export type { FaultKind, LiveFaultView, NewFault } from '../schemas/fault.ts';
export type { StandingsView, StandingView, VerdictView } from '../schemas/verdict.ts';
export type { LiveMessage } from '../schemas/live.ts';
export type { Listening, LiveSocketType } from './live.ts';
export type { AskedEntries, EntryView, JournalCount, JournalPage } from '../schemas/journal.ts';
export type { KeyList, KeyMade, KeyView, NewKey } from '../schemas/key.ts';
export type { NewRun, RunView } from '../schemas/run.ts';
export type { Goodbye, SessionView } from '../schemas/session.ts';
export type { AvailabilityView, NewTape, TapeView, TapeWork, Uploaded } from '../schemas/tape.ts';
export type { Explanation, ScenarioSummary, ScenarioText, Validation } from '../schemas/scenario.ts';

/**
 * Steers a Papertape over its admin API. Every method is one operation of its OpenAPI document, under the same name; each throws an
 * `AdminError` when it is refused.
 */
export class PapertapeAdmin extends JournalCalls {
  async listRuns(): Promise<RunView[]> {
    return await this.call.json('GET', '/runs');
  }

  async createRun(run: NewRun = {}): Promise<RunView> {
    return await this.call.json('POST', '/runs', run);
  }

  async getRun(run: string): Promise<RunView> {
    return await this.call.json('GET', pathIn(run));
  }

  async stopRun(run: string): Promise<void> {
    await this.call.empty('DELETE', pathIn(run));
  }

  async play(run = 'default'): Promise<RunView> {
    return await this.call.json('POST', pathIn(run, 'play'));
  }

  async pause(run = 'default'): Promise<RunView> {
    return await this.call.json('POST', pathIn(run, 'pause'));
  }

  async resume(run = 'default'): Promise<RunView> {
    return await this.call.json('POST', pathIn(run, 'resume'));
  }

  async setSpeed(speed: number | 'max', run = 'default'): Promise<RunView> {
    return await this.call.json('PUT', pathIn(run, 'speed'), { speed });
  }

  /** To a market instant, or a moment such as `09:30` or `open+5m`. */
  async seek(to: string, run = 'default'): Promise<RunView> {
    return await this.call.json('POST', pathIn(run, 'seek'), { to });
  }

  async step(what: 'event' | 'bar' = 'event', run = 'default'): Promise<RunView> {
    return await this.call.json('POST', pathIn(run, 'step'), { what });
  }

  async resetRun(run = 'default'): Promise<RunView> {
    return await this.call.json('POST', pathIn(run, 'reset'));
  }

  async health(): Promise<{ status: 'ok' | 'broken'; broken: string[] }> {
    return await this.call.json('GET', '/health');
  }

  async ready(): Promise<{ status: 'ok' | 'broken'; broken: string[] }> {
    return await this.call.json('GET', '/ready');
  }

  async version(): Promise<{ version: string; node: string }> {
    return await this.call.json('GET', '/version');
  }

  /** Ends every run but the default one, which is opened anew. */
  async reset(): Promise<void> {
    await this.call.empty('POST', '/reset');
  }
}
