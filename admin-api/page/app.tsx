import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Chart } from './parts/chart.tsx';
import { Clients } from './parts/clients.tsx';
import { Faults } from './parts/faults.tsx';
import { Help } from './parts/help.tsx';
import { MainPanel } from './parts/main-panel.tsx';
import { Notices } from './parts/notices.tsx';
import { Places } from './parts/places.tsx';
import { Runs } from './parts/runs.tsx';
import { Scenario } from './parts/scenario.tsx';
import { Strip } from './parts/strip.tsx';
import { Tape } from './parts/tape.tsx';
import { TokenDialog } from './parts/token.tsx';
import { Transport } from './parts/transport.tsx';
import { VerdictPanel } from './parts/verdict.tsx';
import { hearKeys } from './state/keys.ts';
import { listen } from './state/live.ts';
import { place } from './state/place.ts';

/** The whole page. */
export function App(): JSX.Element {
  useEffect(hearKeys, []);
  useEffect(listen, []);
  return (
    <div class="desk" data-place={place.value}>
      <Strip />
      <Transport />
      <main class="bench">
        <MainPanel show={{ chart: () => <Chart />, scenario: () => <Scenario />, runs: () => <Runs /> }} />
        <Tape />
        <div class="side">
          <Clients />
          <Faults />
          <VerdictPanel />
        </div>
      </main>
      <Places />
      <Help />
      <TokenDialog />
      <Notices />
    </div>
  );
}
