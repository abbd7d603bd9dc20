import type { JSX } from 'preact';
import { goTo, place, type Place, places } from '../state/place.ts';

const titles: Readonly<Record<Place, string>> = {
  chart: 'Chart',
  scenario: 'Scenario',
  runs: 'Runs',
  tape: 'Tape',
  clients: 'Clients',
  faults: 'Faults',
  verdict: 'Verdict',
};

/** Where to go on a phone, which shows one part of the desk at a time. */
export function Places(): JSX.Element {
  return (
    <nav class="places" aria-label="Parts of the page">
      {places.map((one) => (
        <button
          key={one}
          type="button"
          aria-current={place.value === one ? 'page' : undefined}
          onClick={() => goTo(one)}
        >
          {titles[one]}
        </button>
      ))}
    </nav>
  );
}
