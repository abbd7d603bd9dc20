import type { Notice, Refusal, Verdict } from '../exchange.ts';
import type { Directory } from './instruments.ts';
import type { TwelveDataOptions } from './options.ts';
import { tooManyEvents } from './texts.ts';

type Refused = Extract<Notice, { kind: 'refused' }>;
type Item = Readonly<Record<string, string | undefined>>;

/** Spells what the server says of a session: one object, and no word where none is known (sheet §3). */
export function noticeFrames(notice: Notice, directory: Directory, options: TwelveDataOptions): readonly Buffer[] {
  const words = wordsOf(notice, directory, options);
  return words === undefined ? [] : [Buffer.from(JSON.stringify(words))];
}

function wordsOf(notice: Notice, directory: Directory, options: TwelveDataOptions): object | undefined {
  switch (notice.kind) {
    case 'subscribed':
      // Asking again for what it has is no mistake, by inference.
      return statusOf('subscribe-status', notice.verdicts, ['done', 'same'], directory, options);
    case 'unsubscribed':
      return statusOf('unsubscribe-status', notice.verdicts, ['done'], directory, options);
    case 'reset':
      return options.resetStatus === 'sent' ? { event: 'reset-status', status: 'ok' } : undefined;
    case 'pong':
      return { event: 'heartbeat', status: 'ok' };
    case 'refused':
      return complaint(notice, options);
    case 'welcome':
    case 'logged-in':
    case 'listening':
      return undefined;
  }
}

function statusOf(
  event: string,
  verdicts: readonly Verdict[],
  good: readonly Verdict['outcome'][],
  directory: Directory,
  options: TwelveDataOptions,
): object {
  const granted = verdicts.filter(({ outcome }) => good.includes(outcome));
  const refused = verdicts.filter(({ outcome }) => !good.includes(outcome));
  const list = (items: readonly Item[]): readonly Item[] | null =>
    items.length === 0 && options.emptyList === 'null' ? null : items;
  return {
    event,
    // `error` when nothing succeeded (measured, valobq), also when nothing was named (inferred).
    status: granted.length > 0 ? 'ok' : 'error',
    success: list(granted.map((verdict) => successOf(verdict, directory, options))),
    fails: list(refused.map(({ wish }) => ({ symbol: wish.spelt }))),
  };
}

function successOf({ wish, market }: Verdict, directory: Directory, { success }: TwelveDataOptions): Item {
  const [symbol = ''] = wish.symbols;
  const { exchange, mic, country, type } = directory.find(symbol, market);
  const sort = success.types === 'codes' ? type.toUpperCase().replaceAll(' ', '_') : type;
  if (type === 'Index' && success.indices === 'sparse') return { symbol, type: sort };
  return { symbol, exchange, mic_code: mic, country, type: sort };
}

/** The texts for nonsense are ours: nobody has told what the vendor says (sheet §8). */
const nonsense: Readonly<Partial<Record<Refusal, string>>> = {
  'bad-syntax': 'Message is not valid JSON.',
  'unknown-action': 'Unknown action.',
};

function complaint({ why, count = 0 }: Refused, { eventsPerMinute }: TwelveDataOptions): object | undefined {
  const isCounted = why === 'too-many-messages' && eventsPerMinute !== 'unlimited';
  const message = isCounted ? tooManyEvents(count, eventsPerMinute) : nonsense[why];
  return message === undefined ? undefined : { event: 'message-processing', status: 'error', messages: [message] };
}
