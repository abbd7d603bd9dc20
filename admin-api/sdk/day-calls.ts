import type { BarView, DayView, SymbolView } from '../schemas/day.ts';
import { Calls, pathIn, queryOf } from './calls.ts';

/** The tape of a run as it can be drawn. */
export class DayCalls extends Calls {
  /** The day under the needle when no instant is told. */
  async getDay(asked: { readonly at?: string } = {}, run = 'default'): Promise<DayView> {
    return await this.call.json('GET', pathIn(run, 'day') + queryOf(asked));
  }

  async listSymbols(run = 'default'): Promise<SymbolView[]> {
    return await this.call.json('GET', pathIn(run, 'symbols'));
  }

  /** Minute bars as far as they have been played, oldest first. */
  async listBars(
    asked: { readonly symbol: string; readonly market?: string; readonly since?: string; readonly limit?: number },
    run = 'default',
  ): Promise<BarView[]> {
    return await this.call.json('GET', pathIn(run, 'bars') + queryOf(asked));
  }
}
