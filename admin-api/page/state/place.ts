import { signal } from '@preact/signals';

/** What the large panel shows. */
export const mains = ['chart', 'scenario', 'runs'] as const;
export type Main = (typeof mains)[number];
/** What stands beside it on a desk, and instead of it on a phone. */
export const sides = ['tape', 'clients', 'faults', 'verdict'] as const;
export type Place = Main | (typeof sides)[number];

export const places: readonly Place[] = [...mains, ...sides];

export const main = signal<Main>('chart');
/** What a phone shows. */
export const place = signal<Place>('chart');

export function goTo(to: Place): void {
  place.value = to;
  const shown = mains.find((one) => one === to);
  if (shown !== undefined) main.value = shown;
}
