import type { Explanation, ScenarioSummary, ScenarioText, Validation } from '../schemas/scenario.ts';
import type { AvailabilityView, NewTape, TapeView, TapeWork, Uploaded, UploadQuery } from '../schemas/tape.ts';
import type { UploadedFile } from './caller.ts';
import { queryOf } from './calls.ts';
import { DayCalls } from './day-calls.ts';

/** What lies ready to be played: scenarios and tapes. */
export class ShelfCalls extends DayCalls {
  async listScenarios(): Promise<ScenarioSummary[]> {
    return await this.call.json('GET', '/scenarios');
  }

  async getScenario(name: string): Promise<ScenarioText> {
    return await this.call.json('GET', `/scenarios/${encodeURIComponent(name)}`);
  }

  /** Uploads YAML under a name, or replaces what was uploaded under it. */
  async putScenario(name: string, text: string): Promise<ScenarioText> {
    return await this.call.json('PUT', `/scenarios/${encodeURIComponent(name)}`, { text });
  }

  async deleteScenario(name: string): Promise<void> {
    await this.call.empty('DELETE', `/scenarios/${encodeURIComponent(name)}`);
  }

  async validateScenario(text: string): Promise<Validation> {
    return await this.call.json('POST', '/scenarios/validate', { text });
  }

  async explainScenario(text: string): Promise<Explanation> {
    return await this.call.json('POST', '/scenarios/explain', { text });
  }

  /** The JSON Schema of scenarios, for editors. */
  async scenarioSchema(): Promise<Record<string, unknown>> {
    return await this.call.json('GET', '/scenarios/schema');
  }

  /** For Prometheus, as text. */
  async metrics(): Promise<string> {
    return await (await this.call.ask('GET', '/metrics')).text();
  }

  async listTapes(): Promise<TapeView[]> {
    return await this.call.json('GET', '/tapes');
  }

  async getTape(name: string): Promise<TapeView> {
    return await this.call.json('GET', `/tapes/${encodeURIComponent(name)}`);
  }

  /** `silence`: longest stretch without events that is no gap, such as `5m`. */
  async tapeAvailability(name: string, silence = '5m'): Promise<AvailabilityView> {
    return await this.call.json('GET', `/tapes/${encodeURIComponent(name)}/availability${queryOf({ silence })}`);
  }

  /** Makes a tape of a file. With `upload`, a name of your own, `getUpload` tells how far it is. */
  async putTape(name: string, file: UploadedFile, how: UploadQuery = {}): Promise<Uploaded> {
    return await this.call.json('PUT', `/tapes/${encodeURIComponent(name)}${queryOf(how)}`, undefined, file);
  }

  async generateTape(tape: NewTape): Promise<Uploaded> {
    return await this.call.json('POST', '/tapes/generate', tape);
  }

  async getUpload(id: string): Promise<TapeWork> {
    return await this.call.json('GET', `/tapes/uploads/${encodeURIComponent(id)}`);
  }

  async deleteTape(name: string): Promise<void> {
    await this.call.empty('DELETE', `/tapes/${encodeURIComponent(name)}`);
  }
}
