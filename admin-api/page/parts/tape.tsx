import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { filter, hold, isHeld, type Line, shown, sorts, want, wanted } from '../state/tape.ts';
import { count } from '../state/words.ts';
import { Panel } from './panel.tsx';

/** Height of a line, in pixels, as the style sheet has it. */
const lineHeight = 23;
/** Lines drawn beyond both edges of what can be seen. */
const spare = 6;

const wall = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** Everything that is said, sent and done, newest first, as it happens. Only the lines that can be seen are in the document. */
export function Tape(): JSX.Element {
  const picked = useSignal<Line | undefined>(undefined);
  const list = shown.value;
  return (
    <Panel
      id="tape"
      title="Message tape"
      count={count(list.length)}
      tools={
        <button type="button" class="button" aria-pressed={isHeld.value} onClick={() => hold(!isHeld.value)}>
          {isHeld.value ? 'Held' : 'Hold'}
        </button>
      }
    >
      <div class="bar">
        <input
          id="tape-filter"
          class="field grow"
          type="search"
          placeholder="Filter: AAPL #2 -ping"
          aria-label="Filter the tape; a minus leaves out"
          value={filter.value}
          onInput={({ currentTarget }) => (filter.value = currentTarget.value)}
        />
      </div>
      <div class="sorts" role="group" aria-label="What the tape shows">
        {sorts.map((sort) => (
          <button
            key={sort}
            type="button"
            data-sort={sort}
            aria-pressed={wanted.value.includes(sort)}
            onClick={() => want(sort)}
          >
            {sort}
          </button>
        ))}
      </div>
      <Lines list={list} picked={picked.value} pick={(line) => (picked.value = line)} />
      {picked.value === undefined ? null : <Whole line={picked.value} close={() => (picked.value = undefined)} />}
    </Panel>
  );
}

interface LinesProps {
  readonly list: readonly Line[];
  readonly picked: Line | undefined;
  readonly pick: (line: Line) => void;
}

function Lines({ list, picked, pick }: LinesProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(600);
  useEffect(() => {
    if (place.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => (height.value = entry?.contentRect.height ?? 0));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const press = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = by === undefined ? undefined : list[Math.max(list.findIndex((one) => one === picked) + by, 0)];
    if (next === undefined) return;
    event.preventDefault();
    hold(true);
    pick(next);
  };
  const first = Math.max(Math.floor(top.value / lineHeight) - spare, 0);
  const last = Math.ceil((top.value + height.value) / lineHeight) + spare;
  return (
    <div
      ref={place}
      class="scroll lines"
      tabIndex={0}
      role="region"
      aria-label="Messages, newest first; arrows pick one"
      onKeyDown={press}
      onScroll={({ currentTarget }) => {
        top.value = currentTarget.scrollTop;
        // Whoever has scrolled down is reading.
        if (currentTarget.scrollTop > lineHeight) hold(true);
      }}
    >
      {list.length === 0 ? <p class="nothing">Nothing yet. Play the tape, or connect a client.</p> : null}
      <ol style={{ height: `${list.length * lineHeight}px` }}>
        {list.slice(first, last).map((line, index) => (
          <li
            key={line.key}
            data-sort={line.sort}
            data-picked={line === picked}
            style={{ top: `${(first + index) * lineHeight}px` }}
          >
            <button type="button" tabIndex={-1} onClick={() => pick(line)}>
              <span class="when">{wall.format(line.at)}</span>
              <b>{line.about}</b>
              <span class="text">{line.text}</span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Whole({ line, close }: { readonly line: Line; readonly close: () => void }): JSX.Element {
  return (
    <div class="whole">
      <pre tabIndex={0} aria-label="The line, whole">
        {JSON.stringify(line.whole, undefined, 2)}
      </pre>
      <button type="button" class="button" onClick={close}>
        Close
      </button>
    </div>
  );
}
