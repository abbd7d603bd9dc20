import type { Key, Notice } from '../feeds/feed.ts';

/** Texts shorter than this are no secret, and too common in what vendors say. */
const shortestSecret = 4;

/** Takes keys out of what others say before it reaches a log: vendors have been seen to repeat them. */
export class Discretion {
  readonly #secrets: readonly string[];

  constructor(keys: readonly Key[]) {
    const texts = keys.flatMap(({ id, secret }) => [id, secret]).filter((text) => text.length >= shortestSecret);
    // The longest first: one may hold another.
    this.#secrets = [...new Set(texts.flatMap((text) => [text, encodeURIComponent(text)]))].toSorted(
      (one, other) => other.length - one.length,
    );
  }

  text(said: string): string {
    return this.#secrets.reduce((text, secret) => text.replaceAll(secret, '…'), said);
  }

  notice(notice: Notice): Notice {
    if ('message' in notice) return { ...notice, message: this.text(notice.message) };
    if (notice.kind !== 'unreadable') return notice;
    return { ...notice, why: this.text(notice.why), excerpt: this.text(notice.excerpt) };
  }
}
