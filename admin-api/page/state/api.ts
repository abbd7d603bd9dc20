import { computed, signal } from '@preact/signals';
import { AdminError, PapertapeAdmin } from '../../sdk/index.ts';
import { after } from '../clock.ts';

const kept = 'papertape-token';
/** How long a notice stays, in milliseconds. */
const noticeSpan = 9000;
/** Notices that are shown at once. */
const mostNotices = 4;

/** What the visitor showed as the token of the admin API; kept until the browser tab is closed. */
export const token = signal<string | undefined>(sessionStorage.getItem(kept) ?? undefined);
/** The API refused for want of a token, or of the right one. */
export const wantsToken = signal<'missing' | 'wrong' | undefined>(undefined);

/** The admin API of this page's origin, as whoever holds the token. */
export const api = computed(
  () => new PapertapeAdmin({ url: location.origin, token: token.value, fetch: watchedFetch }),
);

export function showToken(given: string): void {
  sessionStorage.setItem(kept, given);
  wantsToken.value = undefined;
  token.value = given;
}

async function watchedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.status === 401) wantsToken.value = token.value === undefined ? 'missing' : 'wrong';
  return response;
}

/** Something the visitor should know, for a while. */
export interface Notice {
  readonly number: number;
  readonly kind: 'done' | 'warned' | 'failed';
  readonly text: string;
}

export const notices = signal<readonly Notice[]>([]);
let numbered = 0;

export function dismiss(number: number): void {
  notices.value = notices.value.filter((notice) => notice.number !== number);
}

export function tell(kind: Notice['kind'], text: string): void {
  const number = ++numbered;
  notices.value = [...notices.value, { number, kind, text }].slice(-mostNotices);
  after(noticeSpan, () => dismiss(number));
}

/** Why something did not work, for a person. */
export function reasonOf(error: unknown): string {
  if (error instanceof AdminError) return error.problem.detail;
  if (error instanceof TypeError) return 'Papertape cannot be reached';
  return error instanceof Error ? error.message : String(error);
}

/** Does what the visitor asked for; what goes wrong is told, and gives undefined. */
export async function attempt<Result>(deed: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await deed();
  } catch (error) {
    if (!(error instanceof AdminError && error.problem.status === 401)) tell('failed', reasonOf(error));
    return undefined;
  }
}
