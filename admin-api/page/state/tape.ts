import { computed, signal } from '@preact/signals';

/** What the tape tells apart by colour, and what it can be narrowed to. */
export const sorts = ['market', 'talk', 'fault', 'client', 'deck'] as const;
export type Sort = (typeof sorts)[number];

/** A line of the message tape. */
export interface Line {
  /** Tells it from all others. */
  readonly key: string;
  /** Wall time, in milliseconds since 1970. */
  readonly at: number;
  readonly sort: Sort;
  /** Who or what it is about: `#3`, `AAPL`. */
  readonly about: string;
  readonly text: string;
  /** Everything that is known of it, for who looks closer. */
  readonly whole: unknown;
}

/** Lines that are kept. */
const mostLines = 2000;

/** Newest first. */
const lines = signal<readonly Line[]>([]);
/** What was shown when the tape was held. */
const held = signal<readonly Line[] | undefined>(undefined);
export const isHeld = computed(() => held.value !== undefined);
/** Words that a line must have, and sorts that it must be of. */
export const filter = signal('');
export const wanted = signal<readonly Sort[]>(sorts);

export const shown = computed(() => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  return (held.value ?? lines.value).filter(({ sort, about, text }) => {
    if (!wanted.value.includes(sort)) return false;
    const whole = `${about} ${text}`.toLowerCase();
    return words.every((word) =>
      word.startsWith('-') && word.length > 1 ? !whole.includes(word.slice(1)) : whole.includes(word),
    );
  });
});

/** Adds lines, oldest first. */
export function print(fresh: readonly Line[]): void {
  if (fresh.length > 0) lines.value = [...fresh.toReversed(), ...lines.value].slice(0, mostLines);
}

export function clear(): void {
  lines.value = [];
  held.value = undefined;
}

/** Keeps what is shown as it is, while more comes; or lets go. */
export function hold(yes: boolean): void {
  held.value = yes ? (held.value ?? lines.value) : undefined;
}

export function want(sort: Sort): void {
  wanted.value = wanted.value.includes(sort) ? wanted.value.filter((one) => one !== sort) : [...wanted.value, sort];
}
