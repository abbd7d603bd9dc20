import type { JSX } from 'preact';
import { dismiss, notices } from '../state/api.ts';
import { Icon } from './icons.tsx';

/** What the visitor should know, for a while, in a corner. */
export function Notices(): JSX.Element {
  return (
    <div class="notices" role="log" aria-live="polite" aria-label="Notices">
      {notices.value.map(({ number, kind, text }) => (
        <div key={number} class="notice" data-kind={kind}>
          <p>{text}</p>
          <button type="button" class="button bare icon" aria-label="Away with it" onClick={() => dismiss(number)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
