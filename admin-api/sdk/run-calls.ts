import type { FaultKind, LiveFaultView, NewFault } from '../schemas/fault.ts';
import type { KeyList, KeyMade, KeyView, NewKey } from '../schemas/key.ts';
import type { Goodbye, SessionView } from '../schemas/session.ts';
import type { StandingsView, VerdictView } from '../schemas/verdict.ts';
import { pathIn, queryOf } from './calls.ts';
import { ShelfCalls } from './shelf-calls.ts';

/** What goes on in a run: its faults, its keys, its sessions, its verdict. */
export class RunCalls extends ShelfCalls {
  async listFaultKinds(): Promise<FaultKind[]> {
    return await this.call.json('GET', '/faults');
  }

  /** What goes wrong now: by the scenario, and by hand. */
  async listFaults(run = 'default'): Promise<LiveFaultView[]> {
    return await this.call.json('GET', pathIn(run, 'faults'));
  }

  /** Makes something go wrong at once: `{ inject: { mute: {} }, for: '30s' }`. */
  async injectFault(fault: NewFault, run = 'default'): Promise<LiveFaultView> {
    return await this.call.json('POST', pathIn(run, 'faults'), fault);
  }

  async liftFault(fault: string, run = 'default'): Promise<void> {
    await this.call.empty('DELETE', pathIn(run, 'faults', fault));
  }

  async listKeys(run = 'default'): Promise<KeyList> {
    return await this.call.json('GET', pathIn(run, 'keys'));
  }

  /** The answer tells key and secret; nothing tells them again. */
  async addKey(key: NewKey = {}, run = 'default'): Promise<KeyMade> {
    return await this.call.json('POST', pathIn(run, 'keys'), key);
  }

  /** `key`: its label, or `{ key }` itself. */
  async revokeKey(key: string | { key: string }, sessions: 'keep' | 'end' = 'end', run = 'default'): Promise<KeyView> {
    const [label, body] = typeof key === 'string' ? [key, undefined] : ['given', key];
    return await this.call.json('DELETE', pathIn(run, 'keys', label) + queryOf({ sessions }), body);
  }

  /** Lets it be good for so long yet: `30s`. */
  async expireKey(key: string | { key: string }, after = '0s', run = 'default'): Promise<KeyView> {
    const [label, shown] = typeof key === 'string' ? [key, {}] : ['given', key];
    return await this.call.json('POST', pathIn(run, 'keys', label, 'expire'), { after, ...shown });
  }

  async listSessions(run = 'default'): Promise<SessionView[]> {
    return await this.call.json('GET', pathIn(run, 'sessions'));
  }

  async getSession(session: number, run = 'default'): Promise<SessionView> {
    return await this.call.json('GET', pathIn(run, 'sessions', String(session)));
  }

  async endSession(session: number, how: Goodbye = {}, run = 'default'): Promise<void> {
    await this.call.empty('DELETE', pathIn(run, 'sessions', String(session)) + queryOf(how));
  }

  async getStandings(run = 'default'): Promise<StandingsView> {
    return await this.call.json('GET', pathIn(run, 'standings'));
  }

  /** As of now: what is still open is unmet. */
  async getVerdict(run = 'default'): Promise<VerdictView> {
    return await this.call.json('GET', pathIn(run, 'verdict'));
  }

  /** The verdict as a file for CI, or a page for people. */
  async getReport(format: 'junit' | 'html', run = 'default'): Promise<string> {
    return await (await this.call.ask('GET', pathIn(run, 'verdict') + queryOf({ format }))).text();
  }
}
