import type { FaultKind, LiveFaultView, NewFault } from '../schemas/fault.ts';
import { pathIn } from './calls.ts';
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
}
