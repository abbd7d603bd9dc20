import type { JSX } from 'preact';
import { link } from '../state/live.ts';
import { nextTheme, theme, themeChoice } from '../state/theme.ts';
import { showHelp } from './help.tsx';

const linkWords = { up: 'live', connecting: 'connecting…', down: 'not connected' } as const;

/** The warning across the top, which nothing covers; and what belongs to the page rather than to a run. */
export function Strip(): JSX.Element {
  const state = link.value;
  return (
    <header class="strip">
      <span class="stripes short" aria-hidden="true" />
      <h1>Fake market — Papertape</h1>
      <span class="aside">Nothing here is real. No price, no trade, no news.</span>
      <span class="stripes" aria-hidden="true" />
      <span class="link" role="status" data-state={state.kind} title={state.why}>
        {linkWords[state.kind]}
      </span>
      <button type="button" class="button" onClick={nextTheme} title="System, light or dark">
        <span class="unseen">Colours: </span>
        {themeChoice.value === 'auto' ? 'auto' : theme.value}
      </button>
      <button type="button" class="button" onClick={showHelp} aria-label="Help and keys" title="Help and keys (?)">
        ?
      </button>
    </header>
  );
}
