import type { ComponentChildren, JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { goTo, type Main, main, mains, place } from '../state/place.ts';

const titles = { chart: 'Chart', scenario: 'Scenario', runs: 'Runs' } as const;

/** The large panel: one of several, by its tabs. What was looked at once stays as it was left. */
export function MainPanel({ show }: { readonly show: Readonly<Record<Main, () => ComponentChildren>> }): JSX.Element {
  const seen = useSignal<readonly Main[]>([]);
  const shown = main.value;
  const known = seen.value.includes(shown) ? seen.value : [...seen.value, shown];
  seen.value = known;
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = by === undefined ? undefined : mains[(mains.indexOf(shown) + by + mains.length) % mains.length];
    if (next === undefined) return;
    event.preventDefault();
    goTo(next);
    document.querySelector<HTMLElement>(`#${next}-tab`)?.focus();
  };
  return (
    <section
      class="panel main"
      aria-label="Chart, scenario and runs"
      data-here={mains.some((one) => one === place.value)}
    >
      <header>
        <div class="tabs" role="tablist" aria-label="Large panel">
          {mains.map((one) => (
            <button
              key={one}
              id={`${one}-tab`}
              type="button"
              role="tab"
              aria-selected={one === shown}
              aria-controls={one}
              tabIndex={one === shown ? 0 : -1}
              onClick={() => goTo(one)}
              onKeyDown={move}
            >
              {titles[one]}
            </button>
          ))}
        </div>
        <div id="main-tools" class="push" />
      </header>
      {mains.map((one) => (
        <div
          key={one}
          id={one}
          class="tabbed"
          role="tabpanel"
          aria-labelledby={`${one}-tab`}
          tabIndex={-1}
          hidden={one !== shown}
        >
          {known.includes(one) ? show[one]() : null}
        </div>
      ))}
    </section>
  );
}
