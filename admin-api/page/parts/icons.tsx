import type { JSX } from 'preact';

const paths = {
  play: 'M4 2.5v11l9-5.5z',
  pause: 'M4 2.5h3v11H4zM9 2.5h3v11H9z',
  step: 'M3 3v10l6.5-5zM11 3h2v10h-2z',
  bar: 'M2 3v10l5-5zM7.5 3v10l5-5zM13 3h1.5v10H13z',
  reset: 'M8 3a5 5 0 1 0 4.9 6h-2A3.1 3.1 0 1 1 8 4.9V7l4-3-4-3z',
  copy: 'M5 1h8v10h-2V3H5zM3 4h7v11H3z',
  close: 'm4 2.8 4 4 4-4L13.2 4l-4 4 4 4-1.2 1.2-4-4-4 4L2.8 12l4-4-4-4z',
  bolt: 'M9.5 1 3 9h4l-1 6 7-8.5H8.5z',
} as const;

/** A small drawing beside, or instead of, a word; it says nothing by itself. */
export function Icon({ name }: { readonly name: keyof typeof paths }): JSX.Element {
  return (
    <svg width="14" height="14" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
