import { signal } from '@preact/signals';

/** Whether the page hears what happens as it happens. */
export const link = signal<{ readonly kind: 'up' | 'connecting' | 'down' }>({ kind: 'connecting' });
