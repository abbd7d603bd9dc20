import { computed, effect, signal } from '@preact/signals';

const kept = 'papertape-theme';
const choices = ['auto', 'light', 'dark'] as const;
export type ThemeChoice = (typeof choices)[number];

const dark = matchMedia('(prefers-color-scheme: dark)');
const prefersDark = signal(dark.matches);
dark.addEventListener('change', () => (prefersDark.value = dark.matches));

/** What the visitor chose; `auto` follows the system. */
export const themeChoice = signal<ThemeChoice>(
  choices.find((choice) => choice === localStorage.getItem(kept)) ?? 'auto',
);

/** The theme that is shown. */
export const theme = computed<'light' | 'dark'>(() => {
  if (themeChoice.value !== 'auto') return themeChoice.value;
  return prefersDark.value ? 'dark' : 'light';
});

export function nextTheme(): void {
  const next = choices[(choices.indexOf(themeChoice.value) + 1) % choices.length] ?? 'auto';
  localStorage.setItem(kept, next);
  themeChoice.value = next;
}

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

/** A colour of the style sheet, for what is drawn on a canvas. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
