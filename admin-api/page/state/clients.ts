import { signal } from '@preact/signals';
export const sessions = signal<readonly { session: number }[]>([]);
