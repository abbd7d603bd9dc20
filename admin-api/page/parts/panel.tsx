import type { ComponentChildren, JSX } from 'preact';
import { place, type Place } from '../state/place.ts';

interface PanelProps {
  readonly id: Place;
  readonly title: string;
  /** How many there are of what it lists. */
  readonly count?: string | number;
  /** What stands at the end of its heading. */
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of the desk with a heading; on a phone one of many. */
export function Panel({ id, title, count, tools, children }: PanelProps): JSX.Element {
  return (
    <section id={id} class="panel" tabIndex={-1} aria-labelledby={`${id}-title`} data-here={place.value === id}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        {count === undefined ? null : <span class="count">{count}</span>}
        <span class="push" />
        {tools}
      </header>
      {children}
    </section>
  );
}
