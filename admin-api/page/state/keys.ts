import { showHelp } from '../parts/help.tsx';
import { goTo, places } from './place.ts';
import { playOrPause, shift, shiftSpeed, step } from './run.ts';

const minute = 60_000;

/** What a key does, wherever the visitor is not typing. */
const deeds: Readonly<Record<string, () => unknown>> = {
  ' ': playOrPause,
  '.': async () => await step('event'),
  b: async () => await step('bar'),
  ArrowLeft: async () => await shift(-minute),
  ArrowRight: async () => await shift(minute),
  ArrowUp: async () => await shiftSpeed(1),
  ArrowDown: async () => await shiftSpeed(-1),
  '?': showHelp,
  '/': () => {
    goTo('tape');
    document.querySelector<HTMLElement>('#tape-filter')?.focus();
  },
  ...Object.fromEntries(
    places.map((place, index) => [
      String(index + 1),
      () => {
        goTo(place);
        document.querySelector<HTMLElement>(`#${place}`)?.focus();
      },
    ]),
  ),
};

/** Elements that have a use of their own for some keys. */
const typed = 'input, textarea, select, [contenteditable], [role="listbox"]';
const pressed = 'button, a, summary, [role="button"]';
const scrolled = '.scroll';

/** Hears the keys of the page, until told to stop. */
export function hearKeys(): () => void {
  const hear = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(target instanceof Element) || target.closest(typed) || document.querySelector('dialog[open]')) return;
    if (event.key === ' ' && target.closest(pressed)) return;
    if (/^Arrow(?:Up|Down)$/.test(event.key) && target.closest(scrolled)) return;
    const far = event.shiftKey ? { ArrowLeft: -10 * minute, ArrowRight: 10 * minute }[event.key] : undefined;
    const deed = far === undefined ? deeds[event.key] : async () => await shift(far);
    if (deed === undefined) return;
    event.preventDefault();
    deed();
  };
  addEventListener('keydown', hear);
  return () => removeEventListener('keydown', hear);
}
