import { z } from 'zod';
import type { Entry } from '../journal-entry.ts';

/** What a client does that a scenario may count, order or forbid. */
export const deeds = [
  'connect',
  'login',
  'subscribe',
  'unsubscribe',
  'ping',
  'pong',
  'request',
  'close',
  'message',
] as const;
export type Deed = (typeof deeds)[number];

const pattern = z
  .string()
  .min(1)
  .refine(isPattern, 'not a regular expression; escape what is meant literally with a backslash')
  .meta({
    title: 'Say',
    description:
      'A regular expression that a message, or the address of a request, matches somewhere. Keys never show.',
    examples: ['"action":"unsubscribe"'],
  });

/** A deed by its name, or by what was said. */
export const deedSchema = z.union([z.enum(deeds), z.strictObject({ say: pattern })], {
  error: `not a deed; use ${deeds.join(', ')}, or { say: … }`,
});
export type DeedEntry = z.output<typeof deedSchema>;

/** For sentences: `subscribe`, `say /x/`. */
export const tellDeed = (deed: DeedEntry): string => (typeof deed === 'string' ? deed : `say /${deed.say}/`);

/** Tells whether an entry is a deed. A key that the upgrade itself carries is a login too. */
export class DeedWatch {
  /** Connections that have said a login in a message, and are yet to hear what became of it. */
  readonly #asking = new Set<number>();

  /** The deeds that an entry is, by name. */
  deedsOf(entry: Entry): readonly Deed[] {
    switch (entry.kind) {
      case 'knocked':
        return ['connect'];
      case 'heard':
        if (entry.does === 'login') this.#asking.add(entry.session);
        return entry.does === 'login' ||
          entry.does === 'subscribe' ||
          entry.does === 'unsubscribe' ||
          entry.does === 'ping'
          ? [entry.does, 'message']
          : ['message'];
      case 'logged-in':
        return this.#asking.delete(entry.session) ? [] : ['login'];
      case 'refused':
        this.#asking.delete(entry.session);
        return [];
      case 'ping':
      case 'pong':
        return [entry.kind];
      case 'asked':
        return ['request'];
      case 'closed':
        this.#asking.delete(entry.session);
        return entry.by === 'client' ? ['close'] : [];
      case 'moved':
      case 'said':
      case 'subscribed':
      case 'sent':
      case 'missed':
      case 'fault':
      case 'deck':
        return [];
    }
  }
}

/** A test for one deed, on an entry and the names of its deeds. */
export function deedTest(deed: DeedEntry): (entry: Entry, names: readonly Deed[]) => boolean {
  if (typeof deed === 'string') return (_, names) => names.includes(deed);
  const wanted = new RegExp(deed.say);
  return (entry) =>
    entry.kind === 'heard' ? wanted.test(entry.text) : entry.kind === 'asked' ? wanted.test(entry.url) : false;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    // What makes it wrong is in the text itself, which the complaint shows.
    return false;
  }
}
