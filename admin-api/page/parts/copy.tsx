import type { JSX } from 'preact';
import { attempt, tell } from '../state/api.ts';
import { Icon } from './icons.tsx';

/** A button that copies a text. `what`: how the text is called, for those who cannot see it beside the button. */
export function Copy({
  text,
  what,
  words,
}: {
  readonly text: string;
  readonly what: string;
  readonly words?: string;
}): JSX.Element {
  const copy = async (): Promise<void> => {
    // Browsers keep the clipboard from pages that came without TLS from another machine.
    const done = await attempt(async () => {
      if (!('clipboard' in navigator))
        throw new Error('This browser lets no page without TLS copy; select the text instead.');
      await navigator.clipboard.writeText(text);
      return true;
    });
    if (done) tell('done', `Copied ${what}.`);
  };
  return (
    <button
      type="button"
      class={words === undefined ? 'button bare icon' : 'button'}
      aria-label={words === undefined ? `Copy ${what}` : undefined}
      title={`Copy ${what}`}
      onClick={() => void copy()}
    >
      <Icon name="copy" />
      {words}
    </button>
  );
}
