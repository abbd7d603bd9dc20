import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Faults } from './parts/faults.tsx';
import { Help } from './parts/help.tsx';
import { MainPanel } from './parts/main-panel.tsx';
import { Notices } from './parts/notices.tsx';
import { Panel } from './parts/panel.tsx';
import { Places } from './parts/places.tsx';
import { Runs } from './parts/runs.tsx';
import { Scenario } from './parts/scenario.tsx';
import { Strip } from './parts/strip.tsx';
import { TokenDialog } from './parts/token.tsx';
import { Transport } from './parts/transport.tsx';
import { attempt } from './state/api.ts';
import { readFaultKinds } from './state/faults.ts';
import { hearKeys } from './state/keys.ts';
import { place } from './state/place.ts';
import { readRuns } from './state/run.ts';

/** The whole page. */
export function App(): JSX.Element {
  useEffect(hearKeys, []);
  useEffect(() => {
    void attempt(readRuns);
    void attempt(readFaultKinds);
  }, []);
  return (
    <div class="desk" data-place={place.value}>
      <Strip />
      <Transport />
      <main class="bench">
        <MainPanel show={{ chart: () => null, scenario: () => <Scenario />, runs: () => <Runs /> }} />
        <Panel id="tape" title="Message tape">
          <p class="nothing">Nothing yet.</p>
        </Panel>
        <div class="side">
          <Panel id="clients" title="Clients">
            <p class="nothing">Nobody is connected.</p>
          </Panel>
          <Faults />
          <Panel id="verdict" title="Verdict">
            <p class="nothing">…</p>
          </Panel>
        </div>
      </main>
      <Places />
      <Help />
      <TokenDialog />
      <Notices />
    </div>
  );
}
