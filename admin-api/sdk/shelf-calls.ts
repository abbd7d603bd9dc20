import type { Explanation, ScenarioSummary, ScenarioText, Validation } from '../schemas/scenario.ts';
import { Calls } from './calls.ts';

/** What lies ready to be played: scenarios and tapes. */
export class ShelfCalls extends Calls {
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
}
